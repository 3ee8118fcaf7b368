// SPDX-License-Identifier: MIT
import type { StoredRevision } from "./storage";

/** The columns of a revision in every storage, in the order of {@link RevisionRow}. */
export const REVISION_COLUMNS = [
  "table_no",
  "document_id",
  "version",
  "from_seq",
  "transaction_id",
  "time",
  "hash",
  "data",
  "data_hash",
] as const;

/** A revision as a database gives it back: NULL for what {@link StoredRevision} lacks. */
export type RevisionRow = [
  tableNo: number,
  documentId: string,
  version: number,
  sequenceNo: number,
  transactionId: string,
  transactionTime: number,
  hash: Buffer,
  data: Buffer | null,
  dataHash: Buffer | null,
];

/** The revision that stands in a row. */
export function toRevision(row: RevisionRow): StoredRevision {
  const [tableNo, documentId, version, sequenceNo, transactionId, transactionTime, hash, data, dataHash] =
    row;
  return {
    tableNo,
    documentId,
    version,
    sequenceNo,
    transactionId,
    transactionTime,
    hash,
    data: data ?? undefined,
    dataHash: dataHash ?? undefined,
  };
}
