// SPDX-License-Identifier: MIT
import { applyToCatalog } from "../storage/apply-to-catalog";
import type { CatalogChange, GivenId, StoredCatalog } from "../storage/storage";

/**
 * Gives new tables and indexes the ids that are known of them. Of several ids for one name, each creation takes the first that
 * is not in use.
 */
export class GivenIds {
  readonly #ids: readonly GivenId[];
  readonly #used = new Set<GivenId>();

  constructor(ids: readonly GivenId[]) {
    this.#ids = ids;
  }

  /** The ids that nothing was found for. */
  get unused(): readonly GivenId[] {
    return this.#ids.filter((given) => !this.#used.has(given));
  }

  /** The changes of a block with the known ids in them, and which of the changes got one. */
  give(
    catalog: StoredCatalog,
    changes: readonly CatalogChange[],
  ): { readonly changes: readonly CatalogChange[]; readonly given: ReadonlySet<CatalogChange> } {
    const given = new Set<CatalogChange>();
    let tables = catalog;
    const result = changes.map((change) => {
      const found = this.#find(tables, change);
      const made = found === undefined ? change : withId(change, found.id);
      if (found !== undefined) {
        this.#used.add(found);
        given.add(made);
      }
      tables = applyToCatalog(tables, [made]);
      return made;
    });
    return { changes: result, given };
  }

  #find(tables: StoredCatalog, change: CatalogChange): GivenId | undefined {
    if (change.kind === "create-table") {
      return this.#ids.find(
        ({ tableName, field, id }) =>
          field === undefined && tableName === change.name && tables.every(({ tableId }) => tableId !== id),
      );
    }
    if (change.kind !== "create-index") return undefined;
    const name = tables[change.tableNo - 1]?.name;
    const used = tables.flatMap(({ indexes }) => indexes.map(({ indexId }) => indexId));
    return this.#ids.find(
      ({ tableName, field, id }) => tableName === name && field === change.field && !used.includes(id),
    );
  }
}

function withId(change: CatalogChange, id: string): CatalogChange {
  if (change.kind === "create-table") return { ...change, tableId: id };
  return change.kind === "create-index" ? { ...change, indexId: id } : change;
}
