// SPDX-License-Identifier: MIT
import type { PendingDocument } from "../storage/pending-document";
import type { ReadSet } from "../storage/read-set";

/** The things over which transactions can conflict: documents, tables read as a whole, and keys of indexes. */
export type Claim = ReadonlySet<string>;

/** A transaction that read more has hardly lost because of one document: it claims nothing. */
const PARTS_MAX = 100;

/** The claim of a transaction's reads, which others must not change until it commits. */
export function claimOfReads({ documentIds, scannedTables, indexKeys }: ReadSet): Claim {
  const parts = [...documents(documentIds), ...tables(scannedTables), ...keys(indexKeys)];
  return new Set(parts.length > PARTS_MAX ? [] : parts);
}

/**
 * The claim of a transaction's changes, which others may have read; empty for a transaction that changes nothing.
 *
 * The keys that it looked up stand for those that it writes: a document is inserted under a key that was not there.
 */
export function claimOfChanges(changed: readonly PendingDocument[], { indexKeys }: ReadSet): Claim {
  if (changed.length === 0) return new Set();
  return new Set([
    ...documents(changed.map(({ documentId }) => documentId)),
    ...tables(changed.map(({ tableNo }) => tableNo)),
    ...keys(indexKeys),
  ]);
}

/** True when two claims have a part in common. */
export function overlaps(one: Claim, other: Claim): boolean {
  const [small, large] = one.size <= other.size ? [one, other] : [other, one];
  for (const part of small) if (large.has(part)) return true;
  return false;
}

function documents(ids: Iterable<string>): string[] {
  return [...ids].map((id) => `document ${id}`);
}

function tables(numbers: Iterable<number>): string[] {
  return [...numbers].map((tableNo) => `table ${tableNo}`);
}

function keys(indexKeys: ReadSet["indexKeys"]): string[] {
  return [...indexKeys].flatMap(([indexNo, found]) => [...found].map((key) => `key ${indexNo} ${key}`));
}
