// SPDX-License-Identifier: MIT
import type { TimestampParts } from "./timestamp-parts";

/** The part of a time that a format symbol stands for; `half` is AM or PM, `fraction` is that of the second. */
export type FormatField =
  "year" | "month" | "day" | "hour" | "half" | "minute" | "second" | "fraction" | "offset";

/** One symbol of a format, such as `MM`. */
export interface FormatSymbol {
  readonly field: FormatField;
  /** True for an hour that needs AM or PM. */
  readonly halfDay?: boolean;
  /** The text of the field, for TO_STRING. */
  readonly write: (parts: TimestampParts) => string;
  /** A regular expression of the texts that TO_TIMESTAMP reads; absent if the symbol is for TO_STRING only. */
  readonly pattern?: string;
  /** The number that such a text means: minutes of an offset, nanoseconds of a fraction, 12 for PM. */
  readonly read: (text: string) => number;
}

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

const NANOSECOND_DIGITS = 9;

/**
 * QLDB's format symbols, and those that only the reference implementation documents: `MMMMM`, `n`, four to nine `S`,
 * four and five `X` and `x`.
 *
 * Sources: https://docs.aws.amazon.com/qldb/latest/developerguide/ql-functions.timestamp-format.html and
 * https://github.com/partiql/partiql-lang-kotlin/blob/main/docs/user/BuiltInFunctions.md
 */
export const FORMAT_SYMBOLS: Readonly<Record<string, FormatSymbol>> = {
  yy: { field: "year", write: ({ year }) => padded(year % 100, 2), pattern: "\\d{2}", read: fullYear },
  y: { field: "year", write: ({ year }) => String(year), pattern: "\\d{1,4}", read: Number },
  yyyy: { field: "year", write: ({ year }) => padded(year, 4), pattern: "\\d{4}", read: Number },
  ...numbers("M", "month", ({ month }) => month, "0?[1-9]|1[0-2]", "0[1-9]|1[0-2]"),
  MMM: monthNames(MONTHS.map((name) => name.slice(0, 3))),
  MMMM: monthNames(MONTHS),
  MMMMM: { field: "month", write: ({ month }) => (MONTHS[month - 1] ?? "").slice(0, 1), read: Number },
  ...numbers("d", "day", ({ day }) => day, "0?[1-9]|[12]\\d|3[01]", "0[1-9]|[12]\\d|3[01]"),
  a: { field: "half", write: ({ hour }) => (hour < 12 ? "AM" : "PM"), pattern: "AM|PM", read: hoursOfHalf },
  ...halfDayHours(),
  ...numbers("H", "hour", ({ hour }) => hour, "[01]?\\d|2[0-3]", "[01]\\d|2[0-3]"),
  ...numbers("m", "minute", ({ minute }) => minute, "[0-5]?\\d", "[0-5]\\d"),
  ...numbers("s", "second", ({ second }) => second.intValue(), "[0-5]?\\d", "[0-5]\\d"),
  ...fractions(),
  n: {
    field: "fraction",
    write: (parts) => String(Number(fraction(parts, 9))),
    pattern: "\\d{1,9}",
    read: Number,
  },
  X: offset(shortOffset, "(?:[0-5]\\d)?", true),
  XX: offset(joinedBy(""), "[0-5]\\d", true),
  XXX: offset(joinedBy(":"), ":[0-5]\\d", true),
  XXXX: offset(joinedBy(""), "[0-5]\\d(?:00)?", true),
  XXXXX: offset(joinedBy(":"), ":[0-5]\\d(?::00)?", true),
  x: offset(shortOffset, "(?:[0-5]\\d)?", false),
  xx: offset(joinedBy(""), "[0-5]\\d", false),
  xxx: offset(joinedBy(":"), ":[0-5]\\d", false),
  xxxx: offset(joinedBy(""), "[0-5]\\d(?:00)?", false),
  xxxxx: offset(joinedBy(":"), ":[0-5]\\d(?::00)?", false),
};

/** Years of two digits are those from 1970 to 2069. */
function fullYear(text: string): number {
  const year = Number(text);
  return year < 70 ? 2000 + year : 1900 + year;
}

function hoursOfHalf(text: string): number {
  return text.toUpperCase() === "PM" ? 12 : 0;
}

/** A symbol of one letter, where a zero in front is optional, and of two, where it is not. */
function numbers(
  letter: string,
  field: FormatField,
  valueOf: (parts: TimestampParts) => number,
  pattern: string,
  paddedPattern: string,
): Readonly<Record<string, FormatSymbol>> {
  return {
    [letter]: { field, write: (parts) => String(valueOf(parts)), pattern, read: Number },
    [letter.repeat(2)]: {
      field,
      write: (parts) => padded(valueOf(parts), 2),
      pattern: paddedPattern,
      read: Number,
    },
  };
}

function halfDayHours(): Readonly<Record<string, FormatSymbol>> {
  const hours = numbers("h", "hour", ({ hour }) => hour % 12 || 12, "0?[1-9]|1[0-2]", "0[1-9]|1[0-2]");
  const read = (text: string) => Number(text) % 12;
  return Object.fromEntries(
    Object.entries(hours).map(([name, symbol]) => [name, { ...symbol, halfDay: true, read }]),
  );
}

function monthNames(names: readonly string[]): FormatSymbol {
  const lowerCase = names.map((name) => name.toLowerCase());
  return {
    field: "month",
    write: ({ month }) => names[month - 1] ?? "",
    pattern: names.join("|"),
    read: (text) => lowerCase.indexOf(text.toLowerCase()) + 1,
  };
}

function fractions(): Readonly<Record<string, FormatSymbol>> {
  const symbols: Record<string, FormatSymbol> = {};
  for (let length = 1; length <= NANOSECOND_DIGITS; length += 1) {
    symbols["S".repeat(length)] = {
      field: "fraction",
      write: (parts) => fraction(parts, length),
      pattern: `\\d{${String(length)}}`,
      read: (text) => Number(text.padEnd(NANOSECOND_DIGITS, "0")),
    };
  }
  return symbols;
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

/** An offset that is written by `write` and whose minutes match `minutes`; `Z` for none if `hasZ`. */
function offset(write: (minutes: number) => string, minutes: string, hasZ: boolean): FormatSymbol {
  return {
    field: "offset",
    write: (parts) => (hasZ && parts.offset === 0 ? "Z" : write(parts.offset)),
    pattern: `[+-](?:[01]\\d|2[0-3])${minutes}${hasZ ? "|Z" : ""}`,
    read: readOffset,
  };
}

function readOffset(text: string): number {
  const digits = text.replace(/\D/g, "");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4));
  // Not -0, which would be an unknown offset.
  return text.startsWith("-") && minutes > 0 ? -minutes : minutes;
}

function joinedBy(separator: string): (offset: number) => string {
  return (offset) => {
    const minutes = Math.abs(offset);
    return `${offset < 0 ? "-" : "+"}${padded(Math.floor(minutes / 60), 2)}${separator}${padded(minutes % 60, 2)}`;
  };
}

/** Hours only, unless there are minutes: they must not be lost. */
function shortOffset(offset: number): string {
  return joinedBy("")(offset).slice(0, offset % 60 === 0 ? 3 : 5);
}

function padded(value: number, length: number): string {
  return String(value).padStart(length, "0");
}
