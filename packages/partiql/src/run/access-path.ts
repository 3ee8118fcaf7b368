// SPDX-License-Identifier: MIT
import type { CatalogTable } from "../catalog";
import type { Lookup } from "./from-step";

/** How a table's documents are found. */
export type AccessPath =
  | { readonly kind: "documentId"; readonly lookup: Lookup }
  | { readonly kind: "index"; readonly field: string; readonly lookup: Lookup }
  | { readonly kind: "scan" };

/** Chooses among the lookups: document ids before indexes, one value before many, a scan if there is nothing. */
export function chooseAccess(
  lookups: readonly Lookup[],
  table: Pick<CatalogTable, "indexedFields">,
): AccessPath {
  const ranked = [...lookups].sort((left, right) => Number(left.many) - Number(right.many));
  const byId = ranked.find(({ target }) => target.kind === "documentId");
  if (byId !== undefined) return { kind: "documentId", lookup: byId };
  for (const lookup of ranked) {
    const { target } = lookup;
    if (target.kind === "field" && table.indexedFields.has(target.field)) {
      return { kind: "index", field: target.field, lookup };
    }
  }
  return { kind: "scan" };
}
