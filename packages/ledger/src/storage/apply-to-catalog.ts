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
      return [...catalog, { tableNo, tableId: change.tableId, name: change.name, active: true, indexes: [] }];
    case "drop-table":
      return edit((table) => ({ ...table, active: false }));
    case "identify-table":
      return edit((table) => ({ ...table, tableId: change.tableId }));
    case "create-index": {
      const { indexNo, indexId, field } = change;
      return edit((table) => ({ ...table, indexes: [...table.indexes, { indexNo, indexId, field }] }));
    }
  }
}
