// SPDX-License-Identifier: MIT
import type { Frame } from "./frame";
import type { FromStep, NestedQuery } from "./from-step";
import { runNested } from "./nested-query";
import { readTables } from "./open-source";
import type { QueryOutput } from "./query-output";
import type { Undecoded } from "../value/node";
import { rows } from "./rows";

/** A SELECT, compiled. */
export interface Query {
  readonly steps: readonly FromStep[];
  /** The slot of the first FROM item. */
  readonly firstSlot: number;
  readonly output: QueryOutput;
  /** The nested queries whose tables must exist. */
  readonly queries: readonly NestedQuery[];
}

/** True for a FROM clause that takes in every document of one table. */
function isWholeTable([step, ...inner]: readonly FromStep[]): boolean {
  return (
    inner.length === 0 && step?.source.kind === "table" && step.on === undefined && step.filters.length === 0
  );
}

/** Runs a query; its rows are found as they are asked for. */
export async function* queryRows(
  { steps, firstSlot, output, queries }: Query,
  frame: Frame,
): AsyncGenerator<Undecoded> {
  await readTables(steps, queries, frame);
  await runNested(output.queries, frame);
  const state = output.start(frame);
  if (!state.isDone()) {
    const skip = isWholeTable(steps) ? state.skip() : 0;
    for await (const _ of rows(steps, frame, firstSlot, skip)) {
      if (output.rowQueries.length > 0) await runNested(output.rowQueries, frame);
      const row = state.add();
      if (row !== undefined) yield row;
      if (state.isDone()) return;
    }
  }
  for (const row of state.finish()) {
    if (frame.workload.spend(1)) await frame.workload.rest();
    if (row !== undefined) yield row;
  }
}
