// SPDX-License-Identifier: MIT
import type { Frame } from "./frame";
import type { FromStep, NestedQuery } from "./from-step";
import { settled } from "./nested-query";
import { readTables } from "./open-source";
import type { OutputState, QueryOutput } from "./query-output";
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
  return inner.length === 0 && step?.source.kind === "table" && step.filters.length === 0;
}

/** Runs a query; its rows are found as they are asked for. */
export async function* queryRows(query: Query, frame: Frame): AsyncGenerator<Undecoded> {
  const { steps, firstSlot, output, queries } = query;
  await readTables(steps, queries, frame);
  const state = await settled(frame, () => output.start(frame));
  try {
    if (!state.isDone()) {
      const skip = isWholeTable(steps) ? state.skip() : 0;
      for await (const _ of rows(steps, frame, firstSlot, skip)) {
        const row = output.isQuick ? state.add() : await settled(frame, () => state.add());
        if (row !== undefined) yield row;
        if (state.isDone()) return;
      }
    }
    yield* remainingRows(state, frame);
  } finally {
    state.end();
  }
}

/** The rows that are known only after the last row of FROM. */
async function* remainingRows(state: OutputState, frame: Frame): AsyncGenerator<Undecoded> {
  for (const _ of state.groups()) {
    if (frame.workload.spend(1)) await frame.workload.rest();
    const row = await settled(frame, () => state.addGroup());
    if (row !== undefined) yield row;
  }
  for (const row of state.sorted()) {
    if (frame.workload.spend(1)) await frame.workload.rest();
    yield row;
  }
}
