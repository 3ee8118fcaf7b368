// SPDX-License-Identifier: MIT
import { Problem } from "./problem";
import type { TimestampParts } from "./timestamp-parts";

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** A run of one letter is a symbol; everything that is no letter stands for itself. */
const SYMBOL = /([A-Za-z])\1*/g;

/**
 * QLDB's format symbols.
 *
 * Source: https://docs.aws.amazon.com/qldb/latest/developerguide/ql-functions.timestamp-format.html
 */
const WRITERS: Readonly<Record<string, (parts: TimestampParts) => string>> = {
  yy: ({ year }) => padded(year % 100, 2),
  y: ({ year }) => String(year),
  yyyy: ({ year }) => padded(year, 4),
  M: ({ month }) => String(month),
  MM: ({ month }) => padded(month, 2),
  MMM: ({ month }) => (MONTHS[month - 1] ?? "").slice(0, 3),
  MMMM: ({ month }) => MONTHS[month - 1] ?? "",
  d: ({ day }) => String(day),
  dd: ({ day }) => padded(day, 2),
  a: ({ hour }) => (hour < 12 ? "AM" : "PM"),
  h: ({ hour }) => String(hour % 12 || 12),
  hh: ({ hour }) => padded(hour % 12 || 12, 2),
  H: ({ hour }) => String(hour),
  HH: ({ hour }) => padded(hour, 2),
  m: ({ minute }) => String(minute),
  mm: ({ minute }) => padded(minute, 2),
  s: ({ second }) => String(second.intValue()),
  ss: ({ second }) => padded(second.intValue(), 2),
  S: (parts) => fraction(parts, 1),
  SS: (parts) => fraction(parts, 2),
  SSS: (parts) => fraction(parts, 3),
  X: ({ offset }) => (offset === 0 ? "Z" : offsetText(offset, "").slice(0, 3)),
  XX: ({ offset }) => (offset === 0 ? "Z" : offsetText(offset, "")),
  XXX: ({ offset }) => (offset === 0 ? "Z" : offsetText(offset, ":")),
  x: ({ offset }) => offsetText(offset, "").slice(0, 3),
  xx: ({ offset }) => offsetText(offset, ""),
  xxx: ({ offset }) => offsetText(offset, ":"),
};

/** Writes a time in a format such as `MMMM d, y`. */
export function formatTimestamp(parts: TimestampParts, format: string): string | Problem {
  const unknown = format.match(SYMBOL)?.find((symbol) => !Object.hasOwn(WRITERS, symbol));
  if (unknown !== undefined)
    return new Problem(`a format with ${unknown.slice(0, 8)}, which is no format symbol`);
  return format.replace(SYMBOL, (symbol) => WRITERS[symbol]?.(parts) ?? symbol);
}

function padded(value: number, length: number): string {
  return String(value).padStart(length, "0");
}

/** Digits beyond the length are cut off, not rounded: rounding could make another second. */
function fraction({ second }: TimestampParts, length: number): string {
  const exponent = second.getExponent();
  const digits =
    exponent < 0
      ? second
          .getCoefficient()
          .toString()
          .padStart(1 - exponent, "0")
          .slice(exponent)
      : "";
  return digits.slice(0, length).padEnd(length, "0");
}

function offsetText(offset: number, separator: string): string {
  const minutes = Math.abs(offset);
  return `${offset < 0 ? "-" : "+"}${padded(Math.floor(minutes / 60), 2)}${separator}${padded(minutes % 60, 2)}`;
}
