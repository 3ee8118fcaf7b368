// SPDX-License-Identifier: MIT
import type { CatalogChange, StoredCatalog, StoredTable } from "./storage";

/** The catalog after these changes. Tables stand at the place of their number. */
export function applyToCatalog(catalog: StoredCatalog, changes: readonly CatalogChange[]): StoredCatalog {
  return changes.reduce(applyOne, catalog);
}

function applyOne(catalog: StoredCatalog, change: CatalogChange): StoredCatalog {
  const { tableNo } = change;
  const edit = (edited: (table: StoredTable) => StoredTable): StoredCatalog =>
    catalog.map((table) => (table.tableNo === tableNo ? edited(table) : table));
  switch (change.kind) {
    case "create-table":
      return [...catalog, newTable(change)];
    case "drop-table":
      return edit((table) => ({ ...table, active: false }));
    case "identify-table":
      return edit((table) => ({ ...table, tableId: change.tableId }));
    case "undrop-table":
      return edit((table) => ({ ...table, active: true }));
    case "drop-index":
      return edit((table) => ({
        ...table,
        indexes: table.indexes.filter(({ indexNo }) => indexNo !== change.indexNo),
        droppedIndexes: table.droppedIndexes + 1,
      }));
    case "create-index": {
      const { indexNo, indexId, field, unique } = change;
      return edit((table) => ({
        ...table,
        indexes: [...table.indexes, { indexNo, indexId, field, unique }],
      }));
    }
  }
}

function newTable({ tableNo, tableId, name }: Extract<CatalogChange, { kind: "create-table" }>): StoredTable {
  return { tableNo, tableId, name, active: true, indexes: [], droppedIndexes: 0 };
}
