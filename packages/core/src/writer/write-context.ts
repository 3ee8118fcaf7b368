// SPDX-License-Identifier: MIT
import type { JudgeMode } from "../judge/judge";
import type { Outcome } from "../event/outcome";
import type { PreviewRun } from "./preview";
import type { Tables } from "./tables";

/** What one ledger transaction may hold. The defaults are QLDB's quotas (developer guide, "Quotas and limits"). */
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

/** What a writer needs to know beside the events. */
export interface WriteContext {
  readonly mode: JudgeMode;
  /** The ledger's tables, read before the transaction. */
  readonly tables: Tables;
  readonly limits: TransactionLimits;
  /** Whether the events are one source transaction: all of them are written or none. Default: `false`. */
  readonly atomic?: boolean;
  /** Judges without writing: `written` then means "would be". Default: events are written. */
  readonly preview?: PreviewRun;
}

/**
 * How an event ended in one transaction. `deferred`: nothing was decided, as the transaction is full or already
 * changes the record; the event goes into the next one.
 */
export type WriteResult = Outcome | { readonly status: "deferred" };
