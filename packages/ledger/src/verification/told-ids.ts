// SPDX-License-Identifier: MIT
import type { StoredTable } from "../storage/storage";
import type { CatalogDraft } from "../transaction/catalog-draft";

const UNDROP_TABLE = /^\s*undrop\s+table\s+"([0-9A-Za-z]{22})"/i;
const DROP_INDEX = /^\s*drop\s+index\s+"([0-9A-Za-z]{22})"\s+on\s+"?([^\s"]+)"?/i;

/**
 * Finds what a statement of Amazon QLDB means by an id that no block has told before.
 *
 * `UNDROP TABLE` then tells the id of the table that was dropped last of those without documents. `DROP INDEX` means the
 * one index that the table has; among several, the id does not tell which.
 *
 * @returns true if that did all that the statement does.
 */
export async function useToldId(
  statement: string,
  draft: CatalogDraft,
  isEmpty: (tableNo: number) => Promise<boolean>,
): Promise<boolean> {
  const [, tableId] = UNDROP_TABLE.exec(statement) ?? [];
  if (tableId !== undefined && draft.findById(tableId) === undefined) {
    const table = await findDropped(draft.tables, isEmpty);
    if (table !== undefined) draft.identifyTable(table.tableNo, tableId);
  }
  const [, indexId, name = ""] = DROP_INDEX.exec(statement) ?? [];
  const { tableNo = 0, indexes = [] } = (indexId === undefined ? undefined : draft.findActive(name)) ?? {};
  const [only] = indexes;
  if (only === undefined || indexes.length > 1 || only.indexId === indexId) return false;
  draft.dropIndex(tableNo, only.indexNo);
  return true;
}

async function findDropped(
  tables: readonly StoredTable[],
  isEmpty: (tableNo: number) => Promise<boolean>,
): Promise<StoredTable | undefined> {
  for (const table of tables.toReversed()) {
    if (!table.active && (await isEmpty(table.tableNo))) return table;
  }
  return undefined;
}
