// SPDX-License-Identifier: MIT
import type { IonSlice } from "@ledger-loader/journal";

/** Type code of Ion binary for integers below zero. */
const NEGATIVE_INT = 3;
/** The length up to which an integer is certainly safe as a number. */
const SAFE_INT_BYTES = 6;
const UNKNOWN_OFFSET = 0xc0;

/** An int of any size. */
export function intText(value: IonSlice): string {
  if (value.end - value.body <= SAFE_INT_BYTES) return String(value.intValue());
  const magnitude = toBigInt(value.bytes.subarray(value.body, value.end));
  return `${value.code === NEGATIVE_INT ? "-" : ""}${magnitude}`;
}

/** A float from its 0, 4 or 8 bytes. */
export function floatText(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const number = bytes.length === 0 ? 0 : bytes.length === 4 ? view.getFloat32(0) : view.getFloat64(0);
  if (Number.isNaN(number)) return "nan";
  if (!Number.isFinite(number)) return number > 0 ? "+inf" : "-inf";
  const text = Object.is(number, -0) ? "-0" : String(number);
  return text.includes("e") ? text : `${text}e0`;
}

/** A decimal with exactly its coefficient and exponent, negative zero included. */
export function decimalText(bytes: Uint8Array): string {
  if (bytes.length === 0) return "0.";
  const exponent = readVarInt(bytes, 0);
  const coefficient = readSignedMagnitude(bytes.subarray(exponent.next));
  const digits = String(coefficient.magnitude);
  const sign = coefficient.negative ? "-" : "";
  const places = -exponent.value;
  if (places === 0) return `${sign}${digits}.`;
  // As people write it, where that needs no more than a few zeros.
  if (places > 0 && places <= digits.length + 6) {
    const padded = digits.padStart(places + 1, "0");
    return `${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`;
  }
  return `${sign}${digits}d${exponent.value}`;
}

/** A timestamp with exactly its precision and offset. Ion binary holds UTC; text shows local time. */
export function timestampText(bytes: Uint8Array): string {
  const offset = readVarInt(bytes, 0);
  const isOffsetKnown = bytes[0] !== UNKNOWN_OFFSET;
  const fields: number[] = [];
  let at = offset.next;
  while (at < bytes.length && fields.length < 6) {
    const field = readVarUInt(bytes, at);
    fields.push(field.value);
    at = field.next;
  }
  const [year = 1, month, day, hour, minute, second] =
    fields.length > 3 ? toLocal(fields, offset.value) : fields;
  const date = [
    pad(year, 4),
    ...[month, day].flatMap((field) => (field === undefined ? [] : pad(field, 2))),
  ].join("-");
  if (hour === undefined || minute === undefined) return day === undefined ? `${date}T` : date;
  const seconds = second === undefined ? "" : `:${pad(second, 2)}${fractionText(bytes, at)}`;
  return `${date}T${pad(hour, 2)}:${pad(minute, 2)}${seconds}${offsetText(isOffsetKnown, offset.value)}`;
}

function toLocal(fields: readonly number[], offsetMinutes: number): number[] {
  const [year = 1, month = 1, day = 1, hour = 0, minute = 0] = fields;
  const date = new Date(0);
  // Not Date.UTC, which takes years below 100 for those of the twentieth century.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute + offsetMinutes);
  return [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    ...fields.slice(5),
  ];
}

function fractionText(bytes: Uint8Array, at: number): string {
  if (at >= bytes.length) return "";
  const exponent = readVarInt(bytes, at);
  if (exponent.value >= 0) return "";
  const { magnitude } = readSignedMagnitude(bytes.subarray(exponent.next));
  return `.${String(magnitude).padStart(-exponent.value, "0")}`;
}

function offsetText(isKnown: boolean, minutes: number): string {
  if (!isKnown) return "-00:00";
  if (minutes === 0) return "Z";
  const distance = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(distance / 60), 2)}:${pad(distance % 60, 2)}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

function toBigInt(magnitude: Uint8Array): bigint {
  return magnitude.length === 0 ? 0n : BigInt(`0x${Buffer.from(magnitude).toString("hex")}`);
}

function readSignedMagnitude(bytes: Uint8Array): { negative: boolean; magnitude: bigint } {
  const magnitude = Uint8Array.from(bytes);
  const negative = ((magnitude[0] ?? 0) & 0x80) !== 0;
  if (magnitude.length > 0) magnitude[0] = (magnitude[0] ?? 0) & 0x7f;
  return { negative, magnitude: toBigInt(magnitude) };
}

function readVarUInt(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  for (let next = at; ; next++) {
    const byte = bytes[next] ?? 0x80;
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) return { value, next: next + 1 };
  }
}

function readVarInt(bytes: Uint8Array, at: number): { value: number; next: number } {
  const first = bytes[at] ?? 0x80;
  const sign = first & 0x40 ? -1 : 1;
  let value = first & 0x3f;
  let next = at + 1;
  for (let byte = first; !(byte & 0x80); next++) {
    byte = bytes[next] ?? 0x80;
    value = value * 128 + (byte & 0x7f);
  }
  return { value: sign * value, next };
}
