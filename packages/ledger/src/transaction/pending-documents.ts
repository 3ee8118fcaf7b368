// SPDX-License-Identifier: MIT
import type { PendingDocument } from "../storage/pending-document";
import { storedIndexKey } from "../storage/stored-index-key";

/** A transaction's own uncommitted changes: the last state of every document it touched. */
export class PendingDocuments {
  readonly #documents = new Map<string, PendingDocument>();
  readonly #idsByTable = new Map<number, Set<string>>();
  readonly #idsByKey = new Map<string, Set<string>>();
  #bytes = 0;

  /** How many documents were touched. */
  get size(): number {
    return this.#documents.size;
  }

  /** The size of all new content. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The state that {@link PendingDocuments.restore} goes back to. */
  save(): readonly PendingDocument[] {
    return [...this.#documents.values()];
  }

  /** Forgets all changes since these were saved. */
  restore(saved: readonly PendingDocument[]): void {
    this.#documents.clear();
    this.#idsByTable.clear();
    this.#idsByKey.clear();
    this.#keyedFields.clear();
    this.#bytes = 0;
    for (const document of saved) this.put(document);
  }

  find(documentId: string): PendingDocument | undefined {
    return this.#documents.get(documentId);
  }

  put(document: PendingDocument): void {
    const { documentId, tableNo } = document;
    this.#bytes -= this.#documents.get(documentId)?.content?.ion.length ?? 0;
    this.#bytes += document.content?.ion.length ?? 0;
    this.#documents.set(documentId, document);
    const ids = this.#idsByTable.get(tableNo);
    if (ids === undefined) this.#idsByTable.set(tableNo, new Set([documentId]));
    else ids.add(documentId);
    // Key lists are made when asked for, and again after a change.
    this.#idsByKey.clear();
    this.#keyedFields.clear();
  }
  readonly #keyedFields = new Set<string>();

  /** All documents that were touched, in the order of their first change. */
  all(): IterableIterator<PendingDocument> {
    return this.#documents.values();
  }

  /** The touched documents of one table. */
  ofTable(tableNo: number): PendingDocument[] {
    return this.#resolve(this.#idsByTable.get(tableNo));
  }

  /** The touched documents of one table whose field now has this key. */
  withKey(tableNo: number, field: string, key: string): PendingDocument[] {
    const fieldKey = `${tableNo}:${field}`;
    if (!this.#keyedFields.has(fieldKey)) {
      this.#keyedFields.add(fieldKey);
      for (const { documentId, content } of this.ofTable(tableNo)) {
        const found = content === undefined ? undefined : storedIndexKey(content.at([field]));
        if (found === undefined) continue;
        const ids = this.#idsByKey.get(`${fieldKey}:${found}`);
        if (ids === undefined) this.#idsByKey.set(`${fieldKey}:${found}`, new Set([documentId]));
        else ids.add(documentId);
      }
    }
    return this.#resolve(this.#idsByKey.get(`${fieldKey}:${key}`));
  }

  #resolve(ids: ReadonlySet<string> = new Set()): PendingDocument[] {
    return [...ids].map((id) => this.#documents.get(id)).filter((document) => document !== undefined);
  }
}
