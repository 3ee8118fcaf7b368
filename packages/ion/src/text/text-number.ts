// SPDX-License-Identifier: MIT
import type { IonWriter } from "../binary/ion-writer";
import type { TextCursor } from "./text-cursor";
import { daysInMonth, MAX_FRACTION_DIGITS, type UtcTimestamp } from "../binary/timestamp-parts";
import { MAX_NUMBER_BYTES, MAX_NUMBER_DIGITS } from "../ion-errors";
import { writeShortNumber, writeShortTimestamp } from "./short-number";

// Each form is sticky and tried where a digit or a sign followed by a digit stands. Underscores only between digits.
const TIMESTAMP =
  /(\d{4})(?:T|-(\d\d)(?:T|-(\d\d)(?:T(?:(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d))?)?))/y;
const RADIX = /(-?)0(?:[xX]([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)|[bB]([01]+(?:_[01]+)*))/y;
const NUMBER = /(-?)(0|[1-9]\d*(?:_\d+)*)(\.(?:\d+(?:_\d+)*)?)?(?:([eEdD])([+-]?\d+))?/y;

/** The text that may stand right after a number. */
const DELIMITER = /[\s[\]{}(),"':/]|$/y;

/** Bytes that numbers and timestamps are made of. */
const NUMERIC = Uint8Array.from({ length: 256 }, (_, code) =>
  Number(/[0-9A-Za-z_.:+-]/.test(String.fromCharCode(code))),
);

/** More digits of an exponent than a decimal or float can use. */
const MAX_EXPONENT = 1e9;

/** Reads the number or timestamp that begins at the cursor and writes it. */
export function writeTextNumber(cursor: TextCursor, writer: IonWriter): void {
  if (writeShortNumber(cursor, writer) || writeShortTimestamp(cursor, writer)) return;
  const text = textHere(cursor);
  const timestamp = match(TIMESTAMP, text);
  if (timestamp !== undefined && isDelimited(text, timestamp[0].length)) {
    const value = toTimestamp(cursor, timestamp);
    cursor.at += timestamp[0].length;
    writer.timestamp(value);
    return;
  }
  const radix = match(RADIX, text);
  const number = radix ?? match(NUMBER, text);
  if (number === undefined || !isDelimited(text, number[0].length)) cursor.fail("a number or a timestamp");
  if (radix !== undefined) writeRadix(cursor, writer, radix);
  else writeDecimalDigits(cursor, writer, number);
  cursor.at += number[0].length;
}

/** All that could belong to a number here, and the character behind it. */
function textHere(cursor: TextCursor): string {
  const { bytes } = cursor;
  let { at } = cursor;
  while (at < bytes.length && NUMERIC[bytes[at] ?? 0] === 1) at++;
  return cursor.latin1(cursor.at, at + 1);
}

function match(form: RegExp, text: string): RegExpExecArray | undefined {
  form.lastIndex = 0;
  return form.exec(text) ?? undefined;
}

function isDelimited(text: string, length: number): boolean {
  DELIMITER.lastIndex = length;
  return DELIMITER.test(text);
}

function writeRadix(cursor: TextCursor, writer: IonWriter, parts: RegExpExecArray): void {
  const [, sign, hex, binary] = parts;
  const digits = (hex ?? binary ?? "").replaceAll("_", "");
  if (digits.length > MAX_NUMBER_BYTES * (hex === undefined ? 8 : 2)) failTooLong(cursor);
  writeInt(writer, sign === "-", BigInt(`${hex === undefined ? "0b" : "0x"}${digits}`));
}

function writeDecimalDigits(cursor: TextCursor, writer: IonWriter, parts: RegExpExecArray): void {
  const [whole, sign, integer = "", fraction, marker, exponentText] = parts;
  const negative = sign === "-";
  if (integer.length + (fraction ?? ".").length - 1 > MAX_NUMBER_DIGITS) failTooLong(cursor);
  if (fraction === undefined && marker === undefined) {
    const digits = integer.replaceAll("_", "");
    if (digits.length <= 15) {
      writer.int(negative ? -Number(digits) : Number(digits));
    } else {
      writeInt(writer, negative, BigInt(digits));
    }
    return;
  }
  if (marker === "e" || marker === "E") {
    writer.float(Number(whole.replaceAll("_", "")));
    return;
  }
  const decimals = (fraction ?? ".").slice(1).replaceAll("_", "");
  const exponent = Number(exponentText ?? 0) - decimals.length;
  if (Math.abs(exponent) > MAX_EXPONENT) cursor.fail("an exponent below a thousand million");
  writer.decimal(BigInt(integer.replaceAll("_", "") + decimals), exponent, negative);
}

function failTooLong(cursor: TextCursor): never {
  cursor.fail(`a number of at most ${MAX_NUMBER_DIGITS} digits`);
}

function writeInt(writer: IonWriter, negative: boolean, magnitude: bigint): void {
  writer.int(negative ? -magnitude : magnitude);
}

function toTimestamp(cursor: TextCursor, parts: RegExpExecArray): UtcTimestamp {
  const fields: readonly (string | undefined)[] = parts.slice(1);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = fields
    .slice(0, 6)
    .map((field) => (field === undefined ? undefined : Number(field)));
  const [, , , , , , fraction = "", zone] = fields;
  const inRange = year >= 1 && month >= 1 && month <= 12 && hour <= 23 && minute <= 59 && second <= 59;
  if (!inRange || day < 1 || day > daysInMonth(year, month)) cursor.fail("a date and time that exist");
  const count = countFields(fields);
  if (zone === undefined) {
    return { offset: undefined, fields: [year, month, day].slice(0, count), fractionDigits: 0, fraction: 0n };
  }
  if (fraction.length > MAX_FRACTION_DIGITS)
    cursor.fail(`at most ${MAX_FRACTION_DIGITS} fractional digits of a second`);
  const offset = toOffset(cursor, zone);
  const utc = shiftMinutes([year, month, day, hour, minute], -(offset ?? 0));
  if (utc[0] === undefined || utc[0] < 1 || utc[0] > 9999) cursor.fail("a year from 1 to 9999 in UTC");
  return {
    offset,
    fields: count === 6 ? [...utc, second] : utc,
    fractionDigits: fraction.length,
    fraction: BigInt(fraction === "" ? 0 : fraction),
  };
}

/** How many of year, month, day, hour, minute and second a timestamp names. */
function countFields(fields: readonly (string | undefined)[]): number {
  const missing = fields.slice(0, 6).indexOf(undefined);
  return missing < 0 ? 6 : missing;
}

/** Minutes east of UTC; `undefined` for `-00:00`, which says that the offset is not known. */
function toOffset(cursor: TextCursor, zone: string): number | undefined {
  if (zone === "Z") return 0;
  if (zone === "-00:00") return undefined;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4));
  if (hours > 23 || minutes > 59) cursor.fail("a local offset of less than a day");
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

/** Adds minutes to `[year, month, day, hour, minute]`. */
export function shiftMinutes(fields: readonly number[], minutes: number): number[] {
  if (minutes === 0) return [...fields];
  const [year = 1, month = 1, day = 1, hour = 0, minute = 0] = fields;
  // Date reads years below 100 as 19xx; years 400 apart have the same calendar.
  const date = new Date(Date.UTC(year + 400, month - 1, day, hour, minute + minutes));
  return [
    date.getUTCFullYear() - 400,
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
  ];
}
