// SPDX-License-Identifier: MIT
import type { Timestamp } from "ion-js";
import { compareNumeric, numericKey } from "./numeric";
import type { Numeric } from "./numeric";

/** A point in time: whole minutes since 1970 UTC, and the seconds within that minute with all their digits. */
export interface Instant {
  readonly minutes: number;
  readonly seconds: Numeric;
}

/** The point in time of a timestamp: its precision and offset do not matter, missing parts are the earliest. */
export function instantOf(timestamp: Timestamp): Instant {
  const decimal = timestamp.getSecondsDecimal();
  const seconds = decimal.numberValue();
  const whole = timestamp.getSecondsInt();
  // `getDate` rounds to milliseconds; the same rounding is taken back, so what is left are whole minutes.
  const milliseconds = whole * 1000 + Math.round((seconds - whole) * 1000);
  return {
    minutes: (timestamp.getDate().getTime() - milliseconds) / 60_000,
    seconds: { kind: "finite", coefficient: decimal.getCoefficient(), exponent: decimal.getExponent() },
  };
}

/** A text that two timestamps share exactly when they are the same point in time. */
export function instantKey(instant: Instant): string {
  return `${String(instant.minutes)}:${numericKey(instant.seconds)}`;
}

/** Orders points in time. */
export function compareInstants(left: Instant, right: Instant): number {
  return left.minutes === right.minutes
    ? compareNumeric(left.seconds, right.seconds)
    : left.minutes - right.minutes;
}
