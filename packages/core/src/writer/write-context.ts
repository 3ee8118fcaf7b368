// SPDX-License-Identifier: MIT
import type { BulkReplacement } from "./bulk-replacement";
import type { JudgeMode } from "../judge/judge";
import type { Outcome } from "../event/outcome";
import type { PreviewRun } from "./preview";
import type { Tables } from "./tables";
import type { TransactionLimits } from "./transaction-limits";

/** The context of a write, next to the events. */
export interface WriteContext {
  readonly mode: JudgeMode;
  /** The ledger's tables, read before the transaction. */
  readonly tables: Tables;
  /** Those of {@link WriteContext.tables} that the ledger does not have: judged without writing, they are empty. Default: none. */
  readonly absentTables?: ReadonlySet<string>;
  readonly limits: TransactionLimits;
  /** True if the events are one source transaction: all of them are written or none. Default: `false`. */
  readonly atomic?: boolean;
  /**
   * True if no event may be written before one ahead of it: where one is deferred, or fails and the next must follow it,
   * all from there on are deferred. Default: `false`.
   */
  readonly inOrder?: boolean;
  /** Replaces several documents with one statement where the ledger can. Default: each takes a statement. */
  readonly bulk?: BulkReplacement;
  /** True if outcomes name the revisions that hold the events' content: one more read per transaction. Default: `false`. */
  readonly tellRevisions?: boolean;
  /** Judges without writing: `written` then means "would be". Default: events are written. */
  readonly preview?: PreviewRun;
}

/**
 * How an event ended in one transaction. `deferred`: nothing was decided, as the transaction is full or already
 * changes the record; the event goes into the next one.
 */
export type WriteResult = Outcome | { readonly status: "deferred" };
