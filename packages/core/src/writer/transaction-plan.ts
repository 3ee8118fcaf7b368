// SPDX-License-Identifier: MIT
import { documentSize } from "./document-size";
import { BOOKKEEPING_TABLE, encodeBookkeeping, type Bookkeeping } from "./bookkeeping";
import type { Draft } from "./draft";
import type { DocumentChange } from "./document-change";
import type { TransactionLimits } from "./transaction-limits";

/** The writes of one event: a document, bookkeeping, or both. */
export interface EventChange {
  readonly draft: Draft;
  readonly change: DocumentChange | undefined;
  readonly bookkeeping: BookkeepingChange | undefined;
}

/** One record's bookkeeping to be written. */
export interface BookkeepingChange {
  readonly content: Bookkeeping;
  /** The document to replace; absent for a record's first bookkeeping. */
  readonly documentId: string | undefined;
}

/** An event with the documents it writes, bookkeeping as documents of its own table included. */
export interface PlannedEvent {
  readonly draft: Draft;
  readonly changes: readonly DocumentChange[];
}

/** The changes of one transaction, kept within the ledger's limits. */
export class TransactionPlan {
  readonly #limits: TransactionLimits;
  readonly #events: PlannedEvent[] = [];
  readonly #records = new Set<string>();
  readonly #written = new Set<string>();
  #documents = 0;
  #bytes = 0;

  constructor(limits: TransactionLimits) {
    this.#limits = limits;
  }

  /** The plan so far. */
  get events(): readonly PlannedEvent[] {
    return this.#events;
  }

  /** All changes planned so far. */
  get changes(): readonly DocumentChange[] {
    return this.#events.flatMap(({ changes }) => changes);
  }

  /**
   * True if the transaction has to do with the record already: QLDB merges what one transaction does to a document
   * into one revision, so a second event of the record must wait.
   */
  hasRecord(recordKey: string): boolean {
    return this.#records.has(recordKey);
  }

  /** True if a document of the record is written: what was read of it before is then not what it holds. */
  writesDocument(recordKey: string): boolean {
    return this.#written.has(recordKey);
  }

  /** Adds what one event writes, or returns `false` where the transaction has no room for it. */
  add({ draft, change, bookkeeping }: EventChange): boolean {
    const { recordKey } = draft;
    // Also where there is no room: later events of the record must not overtake this one.
    if (recordKey !== undefined) this.#records.add(recordKey);
    const changes = change === undefined ? [] : [change];
    if (bookkeeping !== undefined && recordKey !== undefined)
      changes.push(toDocumentChange(recordKey, bookkeeping));
    const documents = this.#documents + changes.length;
    const bytes = changes.reduce((sum, each) => sum + sizeOf(each), this.#bytes);
    const isFull = documents > this.#limits.documentsMax || bytes > this.#limits.transactionBytesMax;
    // A transaction always takes its first event: whether that one is too large is for the ledger to say.
    if (isFull && this.#events.length > 0) return false;
    this.#events.push({ draft, changes });
    if (recordKey !== undefined && change !== undefined && change.kind !== "delete")
      this.#written.add(recordKey);
    this.#documents = documents;
    this.#bytes = bytes;
    return true;
  }
}

function toDocumentChange(recordKey: string, { content, documentId }: BookkeepingChange): DocumentChange {
  const document = encodeBookkeeping(recordKey, content);
  return documentId === undefined
    ? { kind: "create", table: BOOKKEEPING_TABLE, document }
    : { kind: "replace", table: BOOKKEEPING_TABLE, documentId, document };
}

function sizeOf(change: DocumentChange): number {
  return change.kind === "delete" ? 0 : documentSize(change.document);
}
