// SPDX-License-Identifier: MIT
import type { IonNode } from "@ledger-loader/ion";
import type {
  CatalogRevision,
  CatalogTable,
  HistoryOptions,
  ReplaceOptions,
  Undecoded,
} from "@ledger-loader/partiql";
import type { dom, Timestamp } from "ion-js";
import type { HistorySelection, StoredIndex, StoredRevision, StoredTable } from "../storage/storage";
import { storedIndexKey } from "../storage/stored-index-key";
import { nextTurn } from "../turns";
import { newUniqueId } from "../unique-id";
import { CommittedRevision, PendingRevision } from "./catalog-revision";
import type { PendingDocument } from "../storage/pending-document";
import type { TransactionContext } from "./transaction-context";

/** One table as a transaction sees it: as of the transaction's snapshot, under its own uncommitted changes. */
export class TransactionTable implements CatalogTable {
  readonly #context: TransactionContext;
  readonly #tableNo: number;
  /** The revision that was read last: mostly the one that is changed next. */
  #last: StoredRevision | undefined;

  constructor(context: TransactionContext, table: StoredTable) {
    this.#context = context;
    this.#tableNo = table.tableNo;
  }

  get tableNo(): number {
    return this.#tableNo;
  }

  get tableId(): string {
    return this.#table.tableId;
  }

  get name(): string {
    return this.#table.name;
  }

  get indexedFields(): ReadonlySet<string> {
    return new Set(this.#usableIndexes().map((index) => index.field));
  }

  get #table(): StoredTable {
    return this.#context.draft.read(this.#tableNo);
  }

  #usableIndexes(): readonly StoredIndex[] {
    const { draft } = this.#context;
    return this.#table.indexes.filter((index) => !draft.isNew(index.indexNo));
  }

  async *scan(skip = 0): AsyncIterable<CatalogRevision> {
    const { base, reads, documents } = this.#context;
    reads.scannedTables.add(this.#tableNo);
    // What the statement itself changes while it reads must not come round again.
    const own = documents.ofTable(this.#tableNo);
    const ownIds = new Set(own.map((document) => document.documentId));
    // Which documents are the first ones, the storage can tell only if none of them is the transaction's own.
    const skipped = own.length === 0 ? skip : 0;
    let toSkip = skip - skipped;
    for await (const stored of base.storage.scan(this.#tableNo, base.asOf, skipped)) {
      if (ownIds.has(stored.documentId)) continue;
      if (toSkip > 0) toSkip -= 1;
      else yield this.#committed(stored);
    }
    for (const revision of this.#pending(own)) {
      if (toSkip > 0) toSkip -= 1;
      else yield revision;
    }
  }

  async *findByIds(ids: readonly string[]): AsyncIterable<CatalogRevision> {
    const { base, reads, documents } = this.#context;
    for (const documentId of ids) {
      const own = documents.find(documentId);
      if (own !== undefined) {
        if (own.tableNo === this.#tableNo) yield* this.#pending([own]);
        continue;
      }
      reads.documentIds.add(documentId);
      const [stored] = await base.storage.findByIds(this.#tableNo, [documentId], base.asOf);
      if (stored !== undefined) yield this.#committed(stored);
    }
  }

  async *findByIndex(field: string, values: readonly dom.Value[]): AsyncIterable<CatalogRevision> {
    const { base, reads, documents } = this.#context;
    const index = this.#usableIndexes().find((candidate) => candidate.field === field);
    if (index === undefined)
      throw new Error("Expected an index on the field that was looked up, found none.");
    for (const value of values) {
      const key = storedIndexKey(value);
      if (key === undefined) continue;
      reads.addIndexKey(index.indexNo, key);
      const own = documents.withKey(this.#tableNo, field, key);
      const ownIds = new Set(documents.ofTable(this.#tableNo).map((document) => document.documentId));
      for await (const stored of base.storage.findByIndex(this.#tableNo, index.indexNo, key, base.asOf)) {
        if (ownIds.has(stored.documentId)) continue;
        reads.documentIds.add(stored.documentId);
        yield this.#committed(stored);
      }
      yield* this.#pending(own);
    }
  }

  async *history(options: HistoryOptions): AsyncIterable<CatalogRevision> {
    const { base, reads } = this.#context;
    if (options.documentIds === undefined) reads.scannedTables.add(this.#tableNo);
    else for (const documentId of options.documentIds) reads.documentIds.add(documentId);
    for await (const stored of base.storage.history(this.#tableNo, toSelection(options), base.asOf)) {
      yield this.#countedRead(stored);
    }
  }

  async insert(documents: readonly Undecoded[]): Promise<readonly string[]> {
    const { tableNo } = this;
    const statements = [this.#context.statementIndex];
    const ids: string[] = [];
    for (const value of documents) {
      const documentId = newUniqueId();
      const content = this.#context.write({ tableNo, documentId, base: undefined, statements }, value);
      ids.push(documentId);
      if (content?.isLong === true) await nextTurn();
    }
    return ids;
  }

  async replace(documentId: string, data: IonNode, { modifications }: ReplaceOptions): Promise<void> {
    await this.#change(documentId, data, modifications);
  }

  async delete(documentId: string): Promise<void> {
    await this.#change(documentId, undefined, 1);
  }

  async #change(documentId: string, value: IonNode | undefined, modifications: number): Promise<void> {
    const current = this.#context.documents.find(documentId) ?? (await this.#toPending(documentId));
    const { statementIndex } = this.#context;
    const statements = [...current.statements, ...Array<number>(modifications).fill(statementIndex)];
    const content = this.#context.write({ ...current, statements }, value);
    if (content?.isLong === true) await nextTurn();
  }

  /** A committed document, about to be changed. */
  async #toPending(documentId: string): Promise<PendingDocument> {
    const { base, reads } = this.#context;
    reads.documentIds.add(documentId);
    const stored =
      this.#last?.documentId === documentId
        ? this.#last
        : (await base.storage.findByIds(this.#tableNo, [documentId], base.asOf))[0];
    if (stored === undefined)
      throw new Error("Expected the changed document to exist in the snapshot, found none.");
    return { tableNo: this.#tableNo, documentId, base: stored, content: undefined, statements: [] };
  }

  /** A document's newest revision as of the snapshot. */
  #committed(stored: StoredRevision): CommittedRevision {
    this.#last = stored;
    return this.#countedRead(stored);
  }

  #countedRead(stored: StoredRevision): CommittedRevision {
    this.#context.countRead();
    return new CommittedRevision(stored, this.#context.base.strandId);
  }

  *#pending(documents: readonly PendingDocument[]): Iterable<PendingRevision> {
    for (const document of documents) {
      if (document.content === undefined) continue;
      this.#context.countRead();
      yield new PendingRevision(document, document.content);
    }
  }
}

function toSelection({ documentIds, versions, start, end }: HistoryOptions): HistorySelection {
  return {
    documentIds,
    versions,
    start: start && toMilliseconds(start),
    end: end && toMilliseconds(end),
  };
}

function toMilliseconds(timestamp: Timestamp): number {
  return timestamp.getDate().getTime();
}
