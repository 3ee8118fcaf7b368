// SPDX-License-Identifier: MIT
import { chooseAccess } from "./access-path";
import type { Frame } from "./frame";
import type { FromStep, NestedQuery } from "./from-step";
import { readTable } from "./open-source";

/** How one FROM item would be read. */
export interface AccessDescription {
  /** The name or id of the table, as written; `undefined` if the item is no table. */
  readonly table: string | undefined;
  readonly access: "documentId" | "index" | "scan" | "history" | "values";
  /** The field whose index is used. */
  readonly field?: string;
  /** True for an item of a nested SELECT. */
  readonly nested?: boolean;
}

/** Tells how the FROM items of a statement, and of its nested SELECTs, would be read, without reading any document. */
export async function describeAccess(
  { steps, queries }: { readonly steps: readonly FromStep[]; readonly queries: readonly NestedQuery[] },
  frame: Frame,
): Promise<readonly AccessDescription[]> {
  const nested = queries.flatMap((query) => query.steps);
  return Promise.all([
    ...steps.map((step) => describeStep(step, frame)),
    ...nested.map(async (step) => ({ ...(await describeStep(step, frame)), nested: true })),
  ]);
}

async function describeStep({ source, lookups }: FromStep, frame: Frame): Promise<AccessDescription> {
  if (source.kind === "values" || source.kind === "user-tables")
    return { table: undefined, access: "values" };
  const table = source.table.text;
  if (source.kind === "history") {
    const byId = lookups.some(({ target }) => target.kind === "documentId");
    return { table, access: byId ? "documentId" : "history" };
  }
  const chosen = chooseAccess(lookups, await readTable(source.table, frame));
  return chosen.kind === "index"
    ? { table, access: "index", field: chosen.field }
    : { table, access: chosen.kind };
}
