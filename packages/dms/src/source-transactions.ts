// SPDX-License-Identifier: MIT
import type { DmsRecord, TransactionPlace } from "./dms-record";

/** A record of the stream, read or not readable. */
export interface ReadRecord {
  readonly sequenceNumber: string;
  /** `undefined` where it could not be read: then it is a delivery of its own, which fails. */
  readonly record?: DmsRecord | undefined;
}

/** Records that are delivered together. */
export interface RecordGroup<R extends ReadRecord> {
  /** In the order of the source transaction. */
  readonly records: readonly [R, ...R[]];
  /** The source transaction, where it is known. */
  readonly transactionId?: string;
  /**
   * True if the batch proves that these are all records of the transaction: they are numbered from 1, and a record of the
   * next transaction says that the last one's number is how many there are.
   */
  readonly isWhole: boolean;
}

/**
 * Puts the records of each source transaction together, as far as one batch holds them.
 *
 * A record that was put into the stream twice stands in its transaction once; its repetition is a group of its own.
 */
export function groupByTransaction<R extends ReadRecord>(records: readonly R[]): readonly RecordGroup<R>[] {
  const ends = new Set(records.flatMap(({ record }) => endsTold(record)));
  const groups: R[][] = [];
  const open = new Map<string, { readonly group: R[]; readonly seen: Set<bigint> }>();
  for (const each of records) {
    const place = placeOf(each);
    const known = place && open.get(place.id);
    if (place !== undefined && known !== undefined && !known.seen.has(place.recordId)) {
      known.group.push(each);
      known.seen.add(place.recordId);
      continue;
    }
    const group = [each];
    groups.push(group);
    if (place !== undefined && known === undefined)
      open.set(place.id, { group, seen: new Set([place.recordId]) });
  }
  return groups.map((group) => toGroup(group, ends));
}

function toGroup<R extends ReadRecord>(group: readonly R[], ends: ReadonlySet<string>): RecordGroup<R> {
  const records = group.toSorted((a, b) => compare(placeOf(a)?.recordId, placeOf(b)?.recordId)) as [
    R,
    ...R[],
  ];
  const transactionId = placeOf(records[0])?.id;
  if (transactionId === undefined) return { records, isWhole: false };
  const end = endKey({ id: transactionId, recordId: BigInt(records.length) });
  return { records, transactionId, isWhole: ends.has(end) };
}

function placeOf({ record }: ReadRecord): TransactionPlace | undefined {
  return record?.recordType === "data" ? record.transaction : undefined;
}

function endsTold(record: DmsRecord | undefined): readonly string[] {
  const previous = record?.recordType === "data" ? record.previous : undefined;
  // Within a transaction `prev` names the record before, which is no end.
  if (previous === undefined || record?.recordType !== "data") return [];
  return previous.id === record.transaction?.id ? [] : [endKey(previous)];
}

function endKey({ id, recordId }: TransactionPlace): string {
  return `${recordId} ${id}`;
}

function compare(a = 0n, b = 0n): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
