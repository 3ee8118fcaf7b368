// SPDX-License-Identifier: MIT
import { malformed } from "../ion-errors";
import type { IonScanner } from "./ion-scanner";
import { readMagnitude } from "./magnitude-bytes";

/** A timestamp as Ion binary holds it: in UTC, to the precision it has. */
export interface Instant {
  /** Minutes east of UTC; `undefined` if the local offset is not known. */
  readonly offset: number | undefined;
  /** Year, month, day, hour, minute, second: as many of them as the timestamp has. */
  readonly fields: readonly number[];
  /** How many digits the fraction of a second has. */
  readonly fractionDigits: number;
  /** Where the fraction's digits begin, as a signed number that ends where the timestamp ends. */
  readonly coefficientAt: number;
}

/** A point in time as Ion binary wants it: in UTC. */
export interface UtcTimestamp {
  /** Minutes east of UTC; `undefined` if the local offset is not known. */
  readonly offset: number | undefined;
  /** Year, month, day, hour, minute, second: as many as the precision calls for. */
  readonly fields: readonly number[];
  /** The number of digits of the fraction, and their value. */
  readonly fractionDigits: number;
  readonly fraction: bigint | number;
}

/** More digits than any clock has; an unbounded number would let a few bytes claim gigabytes of text. */
export const MAX_FRACTION_DIGITS = 10_000;

const LOWEST = [1, 1, 1, 0, 0, 0];
const HIGHEST = [9999, 12, 31, 23, 59, 59];

/** Reads the timestamp whose representation stands from `body` to `end`. */
export function readInstant(scanner: IonScanner, body: number, end: number): Instant {
  const offset = scanner.varInt(body, end);
  const isMinusZero = offset === 0 && scanner.negative;
  if (Math.abs(offset) >= 24 * 60) throw malformed("a local offset of less than a day", body);
  const fields: number[] = [];
  let at = scanner.at;
  for (; at < end && fields.length < 6; at = scanner.at) {
    const value = scanner.varUInt(at, end);
    const index = fields.length;
    if (value < (LOWEST[index] ?? 0) || value > (HIGHEST[index] ?? 0)) {
      throw malformed("a date and time within range", at);
    }
    fields.push(value);
  }
  if (fields.length === 0 || fields.length === 4) throw malformed("a year, and minutes with hours", body);
  if (fields.length >= 3 && (fields[2] ?? 0) > daysInMonth(fields[0] ?? 0, fields[1] ?? 0)) {
    throw malformed("a day that its month has", body);
  }
  const fraction = readFraction(scanner, at, end);
  // A date without a time has no offset, whatever the bytes say: text could not express one.
  const known = !isMinusZero && fields.length > 3;
  return { offset: known ? offset : undefined, fields, ...fraction };
}

function readFraction(
  scanner: IonScanner,
  at: number,
  end: number,
): { fractionDigits: number; coefficientAt: number } {
  if (at === end) return { fractionDigits: 0, coefficientAt: end };
  const exponent = scanner.varInt(at, end);
  const coefficientAt = scanner.at;
  const { bytes } = scanner;
  let first = coefficientAt;
  while (first < end && ((bytes[first] ?? 0) & (first === coefficientAt ? 0x7f : 0xff)) === 0) first++;
  if (first < end && (bytes[coefficientAt] ?? 0) >= 0x80)
    throw malformed("a fraction that is not negative", at);
  const digits = Math.max(0, -exponent);
  if (digits > MAX_FRACTION_DIGITS) throw malformed(`at most ${MAX_FRACTION_DIGITS} fractional digits`, at);
  if (first < end && !isBelowOne(bytes, first, end, digits))
    throw malformed("a fraction below one second", at);
  // An exponent of zero or more adds no digits; Ion allows it only around a zero.
  return { fractionDigits: digits, coefficientAt: digits === 0 ? end : coefficientAt };
}

/** True if the number from `at` to `end`, which has no leading zero bytes, has at most `digits` decimal digits. */
function isBelowOne(bytes: Uint8Array, at: number, end: number, digits: number): boolean {
  // Most answers follow from the lengths alone: a byte holds between 2.40 and 2.41 digits.
  if ((end - at - 1) * 2.4 > digits) return false;
  if ((end - at) * 2.41 <= digits) return true;
  return readMagnitude(bytes, at, end) < 10n ** BigInt(digits);
}

/** The days of a month of the proleptic Gregorian calendar. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
