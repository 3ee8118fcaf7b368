// SPDX-License-Identifier: MIT
import { Decimal, dom, IonTypes, TimestampPrecision } from "ion-js";
import type { Timestamp } from "ion-js";
import { isAbsent, NULL, textOf } from "./datum";
import type { Datum } from "./datum";
import { instantOf } from "./instant";
import { mismatch, Problem } from "./problem";
import { daysIn, localDate, minuteParts, partsOf, timestampOf } from "./timestamp-parts";
import type { TimestampPart, TimestampParts } from "./timestamp-parts";

const PRECISION: Readonly<Record<TimestampPart, TimestampPrecision>> = {
  YEAR: TimestampPrecision.YEAR,
  MONTH: TimestampPrecision.MONTH,
  DAY: TimestampPrecision.DAY,
  HOUR: TimestampPrecision.HOUR_AND_MINUTE,
  MINUTE: TimestampPrecision.HOUR_AND_MINUTE,
  SECOND: TimestampPrecision.SECONDS,
};

const MINUTES: Readonly<Record<"DAY" | "HOUR" | "MINUTE", number>> = { DAY: 1440, HOUR: 60, MINUTE: 1 };

/**
 * `DATE_ADD(part, quantity, timestamp)`: the result is as precise as it must be, and days stay within their month.
 *
 * Source: https://docs.aws.amazon.com/qldb/latest/developerguide/ql-functions.date_add.html
 */
export function dateAdd([part, quantity, timestamp]: readonly Datum[]): Datum | Problem {
  if (isAbsent(quantity) || isAbsent(timestamp)) return NULL;
  const time = timestamp.getType() === IonTypes.TIMESTAMP ? timestamp.timestampValue() : null;
  const count = quantity.getType() === IonTypes.INT ? quantity.numberValue() : null;
  if (time === null || count === null) return mismatch(quantity, timestamp);
  if (!Number.isSafeInteger(count)) return new Problem("a quantity too large for a time");
  const name = partName(part);
  const moved = movedBy(partsOf(time), name, count);
  const precision = moved.precision > PRECISION[name] ? moved.precision : PRECISION[name];
  const result = timestampOf({ ...moved, precision });
  return result instanceof Problem ? result : new dom.Timestamp(result);
}

function partName(part: Datum): TimestampPart {
  return (textOf(part) ?? "YEAR") as TimestampPart;
}

function movedBy(parts: TimestampParts, part: TimestampPart, count: number): TimestampParts {
  switch (part) {
    case "YEAR":
      return inMonth(parts, monthsOf(parts) + 12 * count);
    case "MONTH":
      return inMonth(parts, monthsOf(parts) + count);
    case "DAY":
    case "HOUR":
    case "MINUTE":
      return addMinutes(parts, count * MINUTES[part]);
    case "SECOND":
      return addSeconds(parts, count);
  }
}

function monthsOf({ year, month }: Pick<TimestampParts, "year" | "month">): number {
  return year * 12 + month - 1;
}

function inMonth(parts: TimestampParts, months: number): TimestampParts {
  const year = Math.floor(months / 12);
  const month = months - year * 12 + 1;
  return { ...parts, year, month, day: Math.min(parts.day, daysIn(year, month)) };
}

function addMinutes(parts: TimestampParts, minutes: number): TimestampParts {
  const date = localDate(parts);
  return { ...parts, ...minuteParts(new Date(date.getTime() + minutes * 60_000)) };
}

/** The fraction stays as it is. */
function addSeconds(parts: TimestampParts, count: number): TimestampParts {
  const exponent = Math.min(0, parts.second.getExponent());
  const unit = 10n ** BigInt(-exponent);
  const minute = 60n * unit;
  const total = scaledSecond(parts.second, exponent) + BigInt(count) * unit;
  const rest = ((total % minute) + minute) % minute;
  const moved = addMinutes(parts, Number((total - rest) / minute));
  return { ...moved, second: new Decimal(rest, exponent) };
}

function scaledSecond(second: Decimal, exponent: number): bigint {
  return second.getCoefficient() * 10n ** BigInt(second.getExponent() - exponent);
}

/**
 * `DATE_DIFF(part, from, to)`: how many whole parts lie between; negative if `to` is the earlier one.
 *
 * Source: https://docs.aws.amazon.com/qldb/latest/developerguide/ql-functions.date_diff.html
 */
export function dateDiff([part, from, to]: readonly Datum[]): Datum | Problem {
  if (isAbsent(from) || isAbsent(to)) return NULL;
  const [start, end] = [from, to].map((value) =>
    value.getType() === IonTypes.TIMESTAMP ? value.timestampValue() : null,
  );
  if (start === null || start === undefined || end === null || end === undefined) return mismatch(from, to);
  return new dom.Integer(differenceIn(partName(part), start, end));
}

function differenceIn(part: TimestampPart, start: Timestamp, end: Timestamp): number {
  switch (part) {
    case "YEAR":
      return Math.trunc(wholeMonths(start, end) / 12);
    case "MONTH":
      return wholeMonths(start, end);
    case "DAY":
    case "HOUR":
    case "MINUTE":
      return wholeSeconds(start, end, MINUTES[part] * 60);
    case "SECOND":
      return wholeSeconds(start, end, 1);
  }
}

/** Fractions of a second do not count: partiql-lang-kotlin 0.4.0 drops them before it takes the difference. */
function wholeSeconds(start: Timestamp, end: Timestamp, unit: number): number {
  const since = (time: Timestamp): number => instantOf(time).minutes * 60 + time.getSecondsInt();
  return Math.trunc((since(end) - since(start)) / unit) + 0;
}

/** Counts calendar months in UTC; one that has not passed in full does not count. */
function wholeMonths(start: Timestamp, end: Timestamp): number {
  if (wholeSeconds(start, end, 1) < 0) return 0 - wholeMonths(end, start);
  const [from, to] = [start, end].map((time) => {
    const date = new Date(instantOf(time).minutes * 60_000);
    return { time, ...minuteParts(date) };
  });
  if (from === undefined || to === undefined) return 0;
  const months = monthsOf(to) - monthsOf(from);
  return timeInMonth(to) < timeInMonth(from) ? months - 1 : months;
}

function timeInMonth({
  time,
  day,
  hour,
  minute,
}: {
  time: Timestamp;
  day: number;
  hour: number;
  minute: number;
}): number {
  return ((day * 24 + hour) * 60 + minute) * 60 + time.getSecondsDecimal().numberValue();
}

/**
 * `EXTRACT(part FROM timestamp)`: always an int, so seconds lose their fraction.
 *
 * Source: https://docs.aws.amazon.com/qldb/latest/developerguide/ql-functions.extract.html
 */
export function extract([part, timestamp]: readonly Datum[]): Datum | Problem {
  if (isAbsent(timestamp)) return NULL;
  const time = timestamp.getType() === IonTypes.TIMESTAMP ? timestamp.timestampValue() : null;
  if (time === null) return mismatch(timestamp);
  const parts = partsOf(time);
  const values: Readonly<Record<string, number>> = {
    YEAR: parts.year,
    MONTH: parts.month,
    DAY: parts.day,
    HOUR: parts.hour,
    MINUTE: parts.minute,
    SECOND: time.getSecondsInt(),
    TIMEZONE_HOUR: Math.trunc(parts.offset / 60),
    TIMEZONE_MINUTE: parts.offset % 60,
  };
  // Adding 0 turns -0, an unknown offset, into 0.
  return new dom.Integer((values[textOf(part) ?? ""] ?? 0) + 0);
}
