// SPDX-License-Identifier: MIT
import { applyToCatalog } from "../storage/apply-to-catalog";
import type { CatalogChange, StoredCatalog, StoredTable, Tags } from "../storage/storage";
import { derivedUniqueId } from "../unique-id";

/**
 * Tables and indexes as one transaction sees them: those as of its snapshot, and what it has changed itself.
 *
 * Ids of new tables and indexes follow from the transaction's id and the order of its statements, so that running
 * its statements again, from the journal, gives the same ids.
 */
export class CatalogDraft {
  readonly #transactionId: string;
  readonly #changes: CatalogChange[] = [];
  #tables: StoredCatalog;

  constructor(catalog: StoredCatalog, transactionId: string) {
    this.#tables = catalog;
    this.#transactionId = transactionId;
  }

  get tables(): StoredCatalog {
    return this.#tables;
  }

  get changes(): readonly CatalogChange[] {
    return this.#changes;
  }

  /** True when a table has a unique index. */
  get hasUniqueIndex(): boolean {
    return this.#tables.some(({ indexes }) => indexes.some(({ unique }) => unique));
  }

  findActive(name: string): StoredTable | undefined {
    return this.#tables.find((table) => table.active && table.name === name);
  }

  findById(tableId: string): StoredTable | undefined {
    return this.#tables.find((table) => table.tableId === tableId);
  }

  read(tableNo: number): StoredTable {
    const table = this.#tables[tableNo - 1];
    if (table === undefined) throw new Error(`Expected table ${tableNo} in the catalog, found none.`);
    return table;
  }

  /** True if this transaction made the index: it lists nothing before the commit. */
  isNew(indexNo: number): boolean {
    return this.#changes.some((change) => change.kind === "create-index" && change.indexNo === indexNo);
  }

  createTable(name: string, tags: Tags): string {
    const tableId = this.#newId("table");
    this.#change({ kind: "create-table", tableNo: this.#tables.length + 1, tableId, name, tags });
    return tableId;
  }

  dropTable(tableNo: number): void {
    this.#change({ kind: "drop-table", tableNo });
  }

  undropTable(tableNo: number): void {
    this.#change({ kind: "undrop-table", tableNo });
  }

  /** Gives a table the id that a journal tells: see `CatalogChange`. */
  identifyTable(tableNo: number, tableId: string): void {
    this.#change({ kind: "identify-table", tableNo, tableId });
  }

  dropIndex(tableNo: number, indexNo: number): void {
    this.#change({ kind: "drop-index", tableNo, indexNo });
  }

  createIndex(tableNo: number, field: string, unique: boolean): void {
    const indexNo = this.#tables.reduce(
      (count, table) => count + table.indexes.length + table.droppedIndexes,
      1,
    );
    this.#change({ kind: "create-index", tableNo, indexNo, indexId: this.#newId("index"), field, unique });
  }

  #newId(kind: "table" | "index"): string {
    return derivedUniqueId(this.#transactionId, kind, this.#changes.length);
  }

  #change(change: CatalogChange): void {
    this.#tables = applyToCatalog(this.#tables, [change]);
    this.#changes.push(change);
  }
}
