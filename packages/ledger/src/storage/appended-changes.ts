// SPDX-License-Identifier: MIT
import type { ReadSet } from "./read-set";
import type { BlockChange } from "./storage";

/** The changes of the blocks appended under one lock: no snapshot of a transaction has seen any of it. */
export class AppendedChanges {
  readonly #tables = new Set<number>();
  readonly #documents = new Set<string>();
  readonly #keys = new Set<string>();

  add({ revisions, indexChanges }: BlockChange): void {
    for (const { tableNo, documentId } of revisions) {
      this.#tables.add(tableNo);
      this.#documents.add(documentId);
    }
    for (const { indexNo, key } of indexChanges) this.#keys.add(`${indexNo}:${key}`);
  }

  /** Forgets all of it, where it can be found elsewhere from now on. */
  clear(): void {
    this.#tables.clear();
    this.#documents.clear();
    this.#keys.clear();
  }

  /** Something in `reads` that was changed, for people; `undefined` if nothing was. */
  findConflict(reads: ReadSet): string | undefined {
    for (const tableNo of reads.scannedTables)
      if (this.#tables.has(tableNo)) return `table ${tableNo} changed`;
    for (const id of reads.documentIds) if (this.#documents.has(id)) return `document ${id} changed`;
    for (const [indexNo, keys] of reads.indexKeys) {
      for (const key of keys)
        if (this.#keys.has(`${indexNo}:${key}`)) return `what index ${indexNo} lists changed`;
    }
    return undefined;
  }
}
