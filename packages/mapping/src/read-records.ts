// SPDX-License-Identifier: MIT
import {
  type BesideBody,
  type BodyReader,
  type DecodedEvent,
  decodeValues,
  InvalidEventError,
  rejected,
} from "@ledger-loader/core";
import { dom } from "ion-js";
import type { SourceRecord } from "./value/record-path";

/** Turns one record into events. What it throws rejects that record and no other. */
export type RecordMapper = (record: SourceRecord) => readonly DecodedEvent[];

/** How records are read. */
export interface ReadOptions {
  /** True if a body without bytes, a tombstone, is a null for the mapper; else such a body is refused. */
  readonly takesTombstones: boolean;
}

/**
 * Makes the reader of bodies that hold records as JSON or Ion: one, several one after the other, or one list, which is a source
 * transaction.
 */
export function readRecords(map: RecordMapper, { takesTombstones }: ReadOptions): BodyReader {
  return (body, beside) => {
    const values = body.length === 0 && takesTombstones ? [new dom.Null()] : decodeValues(body);
    const [first] = values;
    if (first === undefined) throw new InvalidEventError("the delivery", "at least one record", "nothing");
    const isList = values.length === 1 && first instanceof dom.List && !first.isNull();
    const records = isList ? first.elements() : values;
    const key = keyOf(beside);
    const events = records.flatMap((value) => mapSafely(map, { value, key }));
    // The events of a single record belong together, as those of a list do.
    return { events, atomic: events.length > 1 && (isList || records.length === 1) };
  };
}

function mapSafely(map: RecordMapper, record: SourceRecord): readonly DecodedEvent[] {
  try {
    return map(record);
  } catch (error) {
    if (!(error instanceof InvalidEventError)) throw error;
    return [{ rejected: rejected(error.reason, error.message) }];
  }
}

/** The key that came beside a body: JSON or Ion, else its text. */
function keyOf(beside: BesideBody | undefined): dom.Value | undefined {
  const key = beside?.key;
  if (key === undefined) return undefined;
  if (!("utf8" in key)) return new dom.Blob(Buffer.from(key.base64, "base64"));
  try {
    const [value, ...others] = decodeValues(key.utf8);
    // A word is a symbol in Ion, which nobody meant.
    if (value instanceof dom.Struct && others.length === 0) return value;
  } catch (error) {
    if (!(error instanceof InvalidEventError)) throw error;
  }
  return new dom.String(key.utf8);
}
