// SPDX-License-Identifier: MIT
/** The limits of one ledger transaction. The defaults are QLDB's quotas (developer guide, "Quotas and limits"). */
export interface TransactionLimits {
  /** Documents written, bookkeeping included. */
  readonly documentsMax: number;
  /** Bytes of Ion binary of one document, and of one statement parameter. */
  readonly documentBytesMax: number;
  /** Bytes of Ion binary of all documents together. */
  readonly transactionBytesMax: number;
}

/** QLDB's limits; of its 4 MB per transaction, a quarter is left for metadata and index entries. */
export const QLDB_LIMITS: TransactionLimits = {
  documentsMax: 40,
  documentBytesMax: 128 * 1024,
  transactionBytesMax: 3 * 1024 * 1024,
};
