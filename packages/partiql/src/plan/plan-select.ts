// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import { Aggregation } from "./aggregation";
import type { SelectNode } from "../syntax/ast";
import type { Evaluate } from "../run/evaluate";
import type { Frame } from "../run/frame";
import { readTables } from "../run/open-source";
import { planFrom } from "./plan-from";
import type { FromStep } from "../run/from-step";
import type { Plan } from "./plan";
import { compileProjection } from "./projection";
import { rows } from "../run/rows";
import { Scope } from "./scope";

/** Plans a query. */
export function planSelect(node: SelectNode, source: string): Plan {
  const scope = new Scope(source);
  const steps = planFrom(node.from, node.where, scope);
  const { project, aggregates } = compileProjection(node.projection, scope);
  if (aggregates.length === 0) return { steps, run: (frame) => runPlain(steps, project, frame) };
  const aggregation = new Aggregation(aggregates, scope);
  return { steps, run: (frame) => runAggregates(steps, aggregation, project, frame) };
}

async function* runPlain(
  steps: readonly FromStep[],
  project: Evaluate,
  frame: Frame,
): AsyncGenerator<dom.Value> {
  await readTables(steps, frame);
  for await (const _ of rows(steps, frame)) {
    const row = project(frame);
    // A result is a list of Ion values, and MISSING is none.
    if (row !== undefined) yield row;
  }
}

/** Without GROUP BY, which QLDB did not have, aggregates turn all rows into one, also if there are none. */
async function* runAggregates(
  steps: readonly FromStep[],
  aggregation: Aggregation,
  project: Evaluate,
  frame: Frame,
): AsyncGenerator<dom.Value> {
  await readTables(steps, frame);
  const state = aggregation.start();
  for await (const _ of rows(steps, frame)) state.add(frame);
  frame.aggregates = state.results();
  const row = project(frame);
  if (row !== undefined) yield row;
}
