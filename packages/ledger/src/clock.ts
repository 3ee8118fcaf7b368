// SPDX-License-Identifier: MIT
import { Decimal, Timestamp } from "ion-js";

/** Tells the time in milliseconds since 1970, UTC. */
export type Clock = () => number;

/**
 * Turns milliseconds into an Ion timestamp as QLDB writes its own: UTC, exactly three fractional digits.
 *
 * The digits count: `.230Z` and `.23Z` hash differently.
 */
export function toIonTimestamp(milliseconds: number): Timestamp {
  const date = new Date(milliseconds);
  const seconds = new Decimal(date.getUTCSeconds() * 1000 + date.getUTCMilliseconds(), -3);
  return new Timestamp(
    0,
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    seconds,
  );
}
