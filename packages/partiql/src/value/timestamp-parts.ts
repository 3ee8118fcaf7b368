// SPDX-License-Identifier: MIT
import { Decimal, Timestamp, TimestampPrecision } from "ion-js";
import { instantOf } from "./instant";
import { Problem } from "./problem";

/** A part of a timestamp that functions name, from the coarsest to the finest. */
export type TimestampPart = "YEAR" | "MONTH" | "DAY" | "HOUR" | "MINUTE" | "SECOND";

/** A timestamp taken apart, in its own offset. */
export interface TimestampParts {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  /** With its fraction. */
  readonly second: Decimal;
  /** In minutes; `-0` is an unknown one. */
  readonly offset: number;
  readonly precision: TimestampPrecision;
}

const MINUTE_MS = 60_000;

/** Takes a timestamp apart; parts that it does not have are the earliest possible. */
export function partsOf(timestamp: Timestamp): TimestampParts {
  const offset = timestamp.getLocalOffset();
  const local = new Date((instantOf(timestamp).minutes + offset) * MINUTE_MS);
  return {
    ...minuteParts(local),
    second: timestamp.getSecondsDecimal(),
    offset,
    precision: timestamp.getPrecision(),
  };
}

/** Puts a timestamp together, as precisely as `parts.precision` says. */
export function timestampOf(parts: TimestampParts): Timestamp | Problem {
  const { year, month, day, hour, minute, second, offset, precision } = parts;
  try {
    switch (precision) {
      case TimestampPrecision.YEAR:
        return new Timestamp(offset, year);
      case TimestampPrecision.MONTH:
        return new Timestamp(offset, year, month);
      case TimestampPrecision.DAY:
        return new Timestamp(offset, year, month, day);
      case TimestampPrecision.HOUR_AND_MINUTE:
        return new Timestamp(offset, year, month, day, hour, minute);
      case TimestampPrecision.SECONDS:
        return new Timestamp(offset, year, month, day, hour, minute, second);
    }
  } catch {
    // ion-js throws plain errors for parts out of range.
    return new Problem("a time that does not exist, or outside the years 1 to 9999");
  }
}

/** The year, month, day, hour and minute of a `Date` whose UTC fields are local ones. */
export function minuteParts(local: Date): Pick<TimestampParts, "year" | "month" | "day" | "hour" | "minute"> {
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
  };
}

/** The inverse of {@link minuteParts}. */
export function localDate({
  year,
  month,
  day,
  hour,
  minute,
}: Pick<TimestampParts, "year" | "month" | "day" | "hour" | "minute">): Date {
  const date = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute);
  return date;
}

/** How many days a month has. */
export function daysIn(year: number, month: number): number {
  return localDate({ year, month: month + 1, day: 0, hour: 0, minute: 0 }).getUTCDate();
}
