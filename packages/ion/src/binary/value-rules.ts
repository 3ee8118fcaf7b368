// SPDX-License-Identifier: MIT
import { malformed, MAX_NUMBER_BYTES, UnknownSymbolError } from "../ion-errors";
import { shiftMinutes } from "../text/text-number";
import type { SymbolTable } from "./symbol-table";
import type { Instant } from "./timestamp-parts";

/** Bytes that a decimal's exponent, or a timestamp's fields, take in addition to the magnitude. */
const MAX_EXPONENT_BYTES = 32;

/** ion-js computes with seconds as doubles: more digits make a time that is not a number. */
const MAX_SECOND_DIGITS = 300;

/** Refuses a number of more bytes than one may have. */
export function requireNumberLength(body: number, end: number): void {
  if (end - body > MAX_NUMBER_BYTES + MAX_EXPONENT_BYTES)
    throw malformed(`a number of at most ${MAX_NUMBER_BYTES} bytes`, body);
}

/**
 * Reads the text of a symbol that is to become a value in memory.
 *
 * @throws UnknownSymbolError for `$0`, which ion-js cannot represent
 */
export function readSymbolText(symbols: SymbolTable, sid: number): string {
  const text = symbols.text(sid);
  if (text !== undefined) return text;
  throw new UnknownSymbolError(
    "Expected symbols with text, found $0: values in memory cannot hold it; hash or copy the binary instead.",
  );
}

/**
 * Reads year, month, day, hour and minute at the timestamp's own offset, as many of them as it has.
 *
 * @throws MalformedIonError for a timestamp that ion-js cannot represent
 */
export function readLocalFields({ offset, fields, fractionDigits }: Instant, at: number): readonly number[] {
  if (fractionDigits > MAX_SECOND_DIGITS)
    throw malformed(`at most ${MAX_SECOND_DIGITS} fractional digits of a second`, at);
  const local = fields.length < 5 ? fields : shiftMinutes(fields.slice(0, 5), offset ?? 0);
  const [year = 1] = local;
  if (year < 1 || year > 9999) throw malformed("a year from 1 to 9999 at the local offset", at);
  return local;
}
