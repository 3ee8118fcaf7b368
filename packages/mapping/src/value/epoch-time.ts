// SPDX-License-Identifier: MIT
import { decodeValues } from "@ledger-loader/core";
import type { dom } from "ion-js";

const DAY_SECONDS = 86_400n;
/** Ion's years, 0001 to 9999, in seconds since 1970. */
const FIRST_SECOND = -62_135_596_800n;
const LAST_SECOND = 253_402_300_799n;

/**
 * The timestamp of a number of units since 1970-01-01, with as many decimal places as the unit has.
 *
 * @param offset - `Z`, or `-00:00` for a time whose zone nobody knows
 * @returns `undefined` outside the years 1 to 9999.
 */
export function fromEpoch(count: bigint, places: number, offset: "Z" | "-00:00"): dom.Value | undefined {
  const unit = 10n ** BigInt(places);
  const seconds = floorDivide(count, unit);
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND) return undefined;
  const fraction = (count - seconds * unit).toString().padStart(places, "0");
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return decodeValues(`${whole}${places === 0 ? "" : `.${fraction}`}${offset}`)[0];
}

/** The date of a number of days since 1970-01-01; `undefined` outside the years 1 to 9999. */
export function fromEpochDays(days: bigint): dom.Value | undefined {
  const seconds = days * DAY_SECONDS;
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND) return undefined;
  return decodeValues(`${new Date(Number(seconds) * 1000).toISOString().slice(0, 10)}T`)[0];
}

const INSTANT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/** Microseconds since 1970 of a time with an offset, as text; `undefined` for other text, or more than six decimal places. */
export function toEpochMicros(text: string): bigint | undefined {
  const [, date, time, fraction = "", offset] = INSTANT.exec(text) ?? [];
  if (date === undefined || fraction.length > 6) return undefined;
  const ms = Date.parse(`${date}T${time ?? ""}${offset ?? ""}`);
  if (Number.isNaN(ms)) return undefined;
  return BigInt(ms) * 1000n + BigInt(fraction.padEnd(6, "0"));
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}
