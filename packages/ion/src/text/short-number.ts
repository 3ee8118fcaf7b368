// SPDX-License-Identifier: MIT
import type { IonWriter } from "../binary/ion-writer";
import { daysInMonth } from "../binary/timestamp-parts";
import { Char, type TextCursor } from "./text-cursor";

const POINT = 0x2e;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;

/** So many digits always fit a double. */
const DIGITS_MAX = 15;
const FRACTION_DIGITS_MAX = 9;

/** Bytes that may stand right after a number; beyond ASCII, the long way decides. */
const DELIMITERS = new Uint8Array(256);
for (const code of Buffer.from("\t\n\v\f\r []{}(),\"':/")) DELIMITERS[code] = 1;

// Numbers are recognized here byte by byte, as most of them are short and plain. Everything else, errors included, is left to
// regular expressions.

/** Reads an int or decimal of up to 15 digits, without underscores or exponent, and writes it; `false` for anything else. */
export function writeShortNumber(cursor: TextCursor, writer: IonWriter): boolean {
  const { bytes, at: start } = cursor;
  const isNegative = bytes[start] === Char.MINUS;
  const first = isNegative ? start + 1 : start;
  let point = -1;
  let value = 0;
  let at = first;
  for (; at - first <= DIGITS_MAX; at++) {
    const code = bytes[at] ?? 0;
    if (code >= Char.ZERO && code <= Char.NINE) value = value * 10 + code - Char.ZERO;
    else if (code === POINT && point < 0) point = at;
    else break;
  }
  const integerEnd = point < 0 ? at : point;
  const digits = at - first - (point < 0 ? 0 : 1);
  const hasLeadingZero = bytes[first] === Char.ZERO && integerEnd > first + 1;
  if (integerEnd === first || digits > DIGITS_MAX || hasLeadingZero || !isDelimited(bytes, at)) return false;
  if (point < 0) writer.int(isNegative ? -value : value);
  else writer.decimal(value, point + 1 - at, isNegative);
  cursor.at = at;
  return true;
}

/** Reads a timestamp in UTC to the second or finer, as QLDB's are, and writes it; `false` for anything else. */
export function writeShortTimestamp(cursor: TextCursor, writer: IonWriter): boolean {
  const { bytes, at: start } = cursor;
  const year = readDigits(bytes, start, 4);
  const month = readDigits(bytes, start + 5, 2);
  const day = readDigits(bytes, start + 8, 2);
  const hour = readDigits(bytes, start + 11, 2);
  const minute = readDigits(bytes, start + 14, 2);
  const second = readDigits(bytes, start + 17, 2);
  if (!hasForm(bytes, start)) return false;
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return false;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
  const fractionDigits = countFractionDigits(bytes, start + 19);
  const end = start + 19 + (fractionDigits === 0 ? 0 : fractionDigits + 1);
  if (fractionDigits > FRACTION_DIGITS_MAX || bytes[end] !== LETTER_Z || !isDelimited(bytes, end + 1))
    return false;
  const fraction = fractionDigits === 0 ? 0 : readDigits(bytes, start + 20, fractionDigits);
  writer.timestamp({ offset: 0, fields: [year, month, day, hour, minute, second], fractionDigits, fraction });
  cursor.at = end + 1;
  return true;
}

/** True for what stands between the digits of `yyyy-mm-ddThh:mm:ss`. */
function hasForm(bytes: Uint8Array, start: number): boolean {
  return (
    bytes[start + 4] === Char.MINUS &&
    bytes[start + 7] === Char.MINUS &&
    bytes[start + 10] === LETTER_T &&
    bytes[start + 13] === Char.COLON &&
    bytes[start + 16] === Char.COLON
  );
}

/** The number that so many digits stand for; negative if they are not all digits. */
function readDigits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let at = start; at < start + count; at++) {
    const digit = (bytes[at] ?? 0) - Char.ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** How many digits stand behind a point at `at`; 0 if there is none. */
function countFractionDigits(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== POINT) return 0;
  let end = at + 1;
  while (end - at <= FRACTION_DIGITS_MAX + 1 && isDigit(bytes[end] ?? 0)) end++;
  return end - at - 1;
}

function isDigit(code: number): boolean {
  return code >= Char.ZERO && code <= Char.NINE;
}

function isDelimited(bytes: Uint8Array, at: number): boolean {
  return at === bytes.length || DELIMITERS[bytes[at] ?? 0] === 1;
}
