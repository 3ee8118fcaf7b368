// SPDX-License-Identifier: MIT
import { UsageError } from "../cli-errors";

/** Parses a whole number within bounds; `what` is the option's name. */
export function wholeNumber(
  what: string,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : NaN;
    if (Number.isSafeInteger(number) && number >= min && number <= max) return number;
    const bounds = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`;
    throw new UsageError(`expected ${what} to be a whole number ${bounds}, found ${JSON.stringify(text)}`);
  };
}

/** Parses a time: ISO 8601 with at least a day, UTC where no offset is given. */
export function time(what: string): (text: string) => Date {
  return (text) => {
    const isoLike = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
    const hasOffset = isoLike?.[4] !== undefined || isoLike?.[1] === undefined;
    const date = isoLike === null ? new Date(NaN) : new Date(hasOffset ? text : `${text}Z`);
    if (!Number.isNaN(date.getTime())) return date;
    throw new UsageError(
      `expected ${what} to be a time such as 2025-07-31 or 2025-07-31T12:00:00Z, found ${JSON.stringify(text)}`,
    );
  };
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["K", 2 ** 10],
  ["M", 2 ** 20],
  ["G", 2 ** 30],
]);

/** Parses a size in bytes: a whole number, or one with KB, MB or GB, which are powers of 1024 as AWS counts them. */
export function byteSize(what: string): (text: string) => number {
  return (text) => {
    const [, digits, unit = ""] = /^(\d+) ?(?:([KMG])i?B)?$/i.exec(text) ?? [];
    const bytes = Number(digits ?? NaN) * (UNITS.get(unit.toUpperCase()) ?? NaN);
    if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
    throw new UsageError(
      `expected ${what} to be a size such as 500000, 64KB, 256MB or 1GB, found ${JSON.stringify(text)}`,
    );
  };
}
