// SPDX-License-Identifier: MIT
import { type Hash, type IonNode, IonSlice } from "@ledger-loader/ion";
import type { RedactedRevision } from "@ledger-loader/journal";
import { LedgerLimitError } from "../errors";
import type { LedgerLimits } from "../limits";
import { ReadSet } from "../storage/read-set";
import type { LedgerStorage, StoredCatalog } from "../storage/storage";
import { CatalogDraft } from "./catalog-draft";
import { DocumentContent, type PendingDocument } from "../storage/pending-document";
import { PendingDocuments } from "./pending-documents";
import type { StatementParameter } from "./statement-parameter";

/** Room that the metadata and hash of one revision take, beside its data, towards the size of a transaction. */
const revisionOverheadBytes = 200;

/** Room that time and digest of one statement take. */
const statementOverheadBytes = 100;

/** The start of a transaction. */
export interface TransactionBase {
  readonly transactionId: string;
  readonly storage: LedgerStorage;
  readonly strandId: string;
  readonly limits: LedgerLimits;
  /** Reads see the ledger as of this block. */
  readonly asOf: number;
  readonly catalog: StoredCatalog;
}

/** The state that all statements of one transaction share: its reads, its writes, its cost. */
export class TransactionContext {
  readonly base: TransactionBase;
  readonly reads: ReadSet = new ReadSet();
  readonly documents: PendingDocuments = new PendingDocuments();
  readonly draft: CatalogDraft;
  /** Committed revisions whose data this transaction asks to erase. */
  readonly redactions: RedactedRevision[] = [];
  #statementCount = 0;
  #statementBytes = 0;
  #runningBytes = 0;
  #writeCount = 0;
  /** The running statement's parameters by their bytes: each may be a document, or a list of some. */
  #parameters: ReadonlyMap<Uint8Array, StatementParameter> = new Map();
  /** Documents read and written since the last {@link takeUsage}. */
  #readIOs = 0;
  #writeIOs = 0;

  constructor(base: TransactionBase) {
    this.base = base;
    this.draft = new CatalogDraft(base.catalog, base.transactionId);
  }

  /**
   * Puts a document's new state in place; the limits are QLDB's, see {@link LedgerLimits}.
   *
   * @returns the content; `undefined` for a deletion
   */
  write(document: Omit<PendingDocument, "content">, value: IonNode | undefined): DocumentContent | undefined {
    const content = value === undefined ? undefined : this.#encode(value);
    this.documents.put({ ...document, content });
    this.reads.writtenTables.add(document.tableNo);
    this.#writeCount += 1;
    this.#writeIOs += 1;
    const { limits } = this.base;
    if (this.documents.size > limits.documentsPerTransactionMax) {
      throw new LedgerLimitError(
        "documents per transaction",
        limits.documentsPerTransactionMax,
        this.documents.size,
      );
    }
    this.#checkSize();
    return content;
  }

  /** The place of the running statement in the transaction: how many were executed before. */
  get statementIndex(): number {
    return this.#statementCount;
  }

  /** How many changes of documents, tables and indexes, and redactions, were made. Two equal counts: nothing was changed between. */
  get changeCount(): number {
    return this.#writeCount + this.draft.changes.length + this.redactions.length;
  }

  /** Saves what was changed so far. The function that is returned forgets what was changed since. */
  savepoint(): () => void {
    const documents = this.documents.save();
    const writeCount = this.#writeCount;
    return () => {
      this.documents.restore(documents);
      this.#writeCount = writeCount;
    };
  }

  /** Begins a statement, whose text becomes part of the block. QLDB is not known to count it. */
  beginStatement(text: string): void {
    this.#runningBytes = text.length + statementOverheadBytes;
    this.#checkSize();
  }

  /** About how much memory the transaction takes until it ends, in bytes. */
  get heldBytes(): number {
    const { documents, reads } = this;
    const readCount = reads.documentIds.size + reads.indexKeyCount;
    return documents.bytes + (documents.size + readCount) * revisionOverheadBytes + this.#statementBytes;
  }

  /** Counts the statement that was begun last, as executed. One that was refused instead leaves no trace. */
  endStatement(): void {
    this.#statementCount += 1;
    this.#statementBytes += this.#runningBytes;
    this.#runningBytes = 0;
  }

  /** Knows the hashes of documents that `work` writes and that are parameters, or elements of some. */
  async withParameters<T>(parameters: readonly StatementParameter[], work: () => Promise<T>): Promise<T> {
    this.#parameters = new Map(parameters.map((parameter) => [parameter.ion.bytes, parameter]));
    try {
      return await work();
    } finally {
      // The transaction may wait for its client for long, and parameters are large.
      this.#parameters = new Map();
    }
  }

  #checkSize(): void {
    const { transactionBytesMax } = this.base.limits;
    const statementBytes = this.#statementBytes + this.#runningBytes;
    const bytes = this.documents.bytes + this.documents.size * revisionOverheadBytes + statementBytes;
    if (bytes > transactionBytesMax) {
      throw new LedgerLimitError("bytes per transaction", transactionBytesMax, bytes);
    }
  }

  #encode(value: IonNode): DocumentContent {
    const content = DocumentContent.of(value, this.#hashOf(value));
    const { documentBytesMax } = this.base.limits;
    const { length } = content.ion;
    if (length > documentBytesMax) throw new LedgerLimitError("bytes per document", documentBytesMax, length);
    return content;
  }

  #hashOf(value: IonNode): Hash | undefined {
    if (!(value instanceof IonSlice)) return undefined;
    const parameter = this.#parameters.get(value.bytes);
    return value.start === parameter?.ion.start ? parameter.hash : parameter?.structs?.get(value.start);
  }

  countRead(): void {
    this.#readIOs += 1;
  }

  /** The reads and writes since the last call: QLDB's I/O figures. */
  takeUsage(): IoUsage {
    const usage = { readIOs: this.#readIOs, writeIOs: this.#writeIOs };
    this.#readIOs = 0;
    this.#writeIOs = 0;
    return usage;
  }
}

/** The consumption of a request, in QLDB's units: documents read and written. */
export interface IoUsage {
  readonly readIOs: number;
  readonly writeIOs: number;
}
