// SPDX-License-Identifier: MIT
import type { IonSlice } from "../binary/ion-slice";

/** Type code of Ion binary for integers below zero. */
const NEGATIVE_INT = 3;
/** The length up to which an integer is certainly safe as a number. */
const SAFE_INT_BYTES = 6;

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

function toBigInt(magnitude: Uint8Array): bigint {
  return magnitude.length === 0 ? 0n : BigInt(`0x${Buffer.from(magnitude).toString("hex")}`);
}

function readSignedMagnitude(bytes: Uint8Array): { negative: boolean; magnitude: bigint } {
  const magnitude = Uint8Array.from(bytes);
  const negative = ((magnitude[0] ?? 0) & 0x80) !== 0;
  if (magnitude.length > 0) magnitude[0] = (magnitude[0] ?? 0) & 0x7f;
  return { negative, magnitude: toBigInt(magnitude) };
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
