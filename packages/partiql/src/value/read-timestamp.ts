// SPDX-License-Identifier: MIT
import { Decimal, TimestampPrecision } from "ion-js";
import type { Timestamp } from "ion-js";
import type { FormatField, FormatSymbol } from "./format-symbols";
import { Problem } from "./problem";
import { timestampOf } from "./timestamp-parts";
import { parseTimestampPattern } from "./timestamp-pattern";
import type { TimestampPattern } from "./timestamp-pattern";

/** The fields that each need all before them. */
const FIELDS = ["year", "month", "day", "hour", "minute", "second", "fraction"] as const;

/** An hour without minutes has precision `HOUR_AND_MINUTE`: Ion has no other. */
const PRECISIONS: Readonly<Record<(typeof FIELDS)[number], TimestampPrecision>> = {
  year: TimestampPrecision.YEAR,
  month: TimestampPrecision.MONTH,
  day: TimestampPrecision.DAY,
  hour: TimestampPrecision.HOUR_AND_MINUTE,
  minute: TimestampPrecision.HOUR_AND_MINUTE,
  second: TimestampPrecision.SECONDS,
  fraction: TimestampPrecision.SECONDS,
};

/** How messages name fields. */
const FIELD_NAMES: Readonly<Record<FormatField, string>> = {
  year: "year",
  month: "month",
  day: "day",
  hour: "hour",
  half: "AM or PM",
  minute: "minute",
  second: "second",
  fraction: "fraction of the second",
  offset: "offset",
};

type FieldValues = ReadonlyMap<FormatField, number>;

/**
 * Reads a time from a text in a format such as `MM-yyyy`. The time is as precise as the format.
 *
 * Source: https://docs.aws.amazon.com/qldb/latest/developerguide/ql-functions.to_timestamp.html; which formats are
 * complete is the rule of the reference implementation (`FormatPattern.validateForTimestampParsing`).
 */
export function readTimestamp(text: string, format: string): Timestamp | Problem {
  const compiled = compile(format);
  if (compiled instanceof Problem) return compiled;
  const { symbols, regExp } = compiled;
  const texts = regExp.exec(text)?.slice(1);
  if (texts === undefined) return new Problem("a text that does not match the format");
  const values = new Map(symbols.map(({ field, read }, index) => [field, read(texts[index] ?? "")]));
  return toTimestamp(values);
}

/** A format, ready to read texts in it. */
interface CompiledFormat {
  readonly symbols: readonly FormatSymbol[];
  readonly regExp: RegExp;
}

/** The last format: a statement reads all of its rows in one. */
let last: { readonly format: string; readonly compiled: CompiledFormat | Problem } | undefined;

function compile(format: string): CompiledFormat | Problem {
  if (last?.format !== format) last = { format, compiled: compileFormat(format) };
  return last.compiled;
}

function compileFormat(format: string): CompiledFormat | Problem {
  const pattern = parseTimestampPattern(format);
  if (pattern instanceof Problem) return pattern;
  const symbols = pattern.filter((item) => typeof item !== "string");
  return findProblem(symbols) ?? { symbols, regExp: toRegExp(pattern) };
}

function findProblem(symbols: readonly FormatSymbol[]): Problem | undefined {
  if (symbols.some(({ pattern }) => pattern === undefined)) {
    return new Problem("a format with MMMMM, the first letter of a month, which may mean several months");
  }
  const fields = symbols.map(({ field }) => field);
  const repeated = fields.find((field, index) => fields.indexOf(field) < index);
  if (repeated !== undefined) {
    return new Problem(`a format with more than one symbol for the ${FIELD_NAMES[repeated]}`);
  }
  const lacking = findLacking(fields);
  if (lacking !== undefined) return new Problem(`a format without a symbol for the ${FIELD_NAMES[lacking]}`);
  const isHalfDay = symbols.some(({ halfDay }) => halfDay === true);
  if (isHalfDay === fields.includes("half")) return undefined;
  return new Problem(
    isHalfDay
      ? "a format with h and without a: add a, or write H for an hour of 24"
      : "a format with a and H: write h for an hour of 12, or leave out a",
  );
}

/** AM, PM and an offset need an hour. */
function findLacking(fields: readonly FormatField[]): FormatField | undefined {
  const needsHour = fields.includes("half") || fields.includes("offset");
  const finest = FIELDS.findLastIndex((field) => fields.includes(field) || (needsHour && field === "hour"));
  return FIELDS.slice(0, Math.max(finest, 0) + 1).find((field) => !fields.includes(field));
}

function toRegExp(pattern: TimestampPattern): RegExp {
  const source = pattern.map((item) =>
    typeof item === "string" ? item.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&") : `(${item.pattern ?? ""})`,
  );
  return new RegExp(`^${source.join("")}$`, "iu");
}

function toTimestamp(values: FieldValues): Timestamp | Problem {
  const valueOf = (field: FormatField, otherwise: number) => values.get(field) ?? otherwise;
  const finest = FIELDS.findLast((field) => values.has(field)) ?? "year";
  return timestampOf({
    year: valueOf("year", 1),
    month: valueOf("month", 1),
    day: valueOf("day", 1),
    hour: valueOf("hour", 0) + valueOf("half", 0),
    minute: valueOf("minute", 0),
    second: secondOf(valueOf("second", 0), valueOf("fraction", 0)),
    // -0 is Ion's unknown offset.
    offset: valueOf("offset", -0),
    precision: PRECISIONS[finest],
  });
}

/** Zeros at the end of the fraction are dropped, as in the reference implementation. */
function secondOf(second: number, nanoseconds: number): Decimal {
  const digits = nanoseconds === 0 ? "" : String(nanoseconds).padStart(9, "0").replace(/0+$/, "");
  return new Decimal(BigInt(`${String(second)}${digits}`), -digits.length);
}
