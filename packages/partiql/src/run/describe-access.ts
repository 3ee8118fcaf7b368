// SPDX-License-Identifier: MIT
import { chooseAccess } from "./access-path";
import type { JoinKind } from "../syntax/ast";
import type { Frame } from "./frame";
import type { FromStep, NestedQuery } from "./from-step";
import { readTable } from "./open-source";

/** How one FROM item would be read. */
export interface AccessDescription {
  /** The name or id of the table, as written; `undefined` if the item is no table. */
  readonly table: string | undefined;
  readonly access: "documentId" | "index" | "scan" | "history" | "values";
  /** The field whose index is used; for a scan of FULL JOIN, the one by which matches are found before the scan. */
  readonly field?: string;
  /** How the item is joined, if by an outer join. */
  readonly join?: Exclude<JoinKind, "inner">;
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

async function describeStep(step: FromStep, frame: Frame): Promise<AccessDescription> {
  const description = await describeSource(step, frame);
  if (step.join === "inner") return description;
  const { join } = step;
  if (join !== "full" || description.access === "values") return { ...description, join };
  return { ...description, access: step.source.kind === "history" ? "history" : "scan", join };
}

async function describeSource({ source, lookups }: FromStep, frame: Frame): Promise<AccessDescription> {
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
