// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import type { Frame } from "../run/frame";
import type { FromStep } from "../run/from-step";
import { readTables } from "../run/open-source";
import { rows } from "../run/rows";
import type { SelectNode } from "../syntax/ast";
import { compileOutput } from "./compile-output";
import type { QueryOutput } from "./compile-output";
import type { Plan } from "./plan";
import { planFrom } from "./plan-from";
import { Scope } from "./scope";

/** Plans a query. */
export function planSelect(node: SelectNode, source: string): Plan {
  const scope = new Scope(source);
  const steps = planFrom(node.from, node.where, scope);
  const output = compileOutput(node, scope, new Scope(source));
  return { steps, run: (frame) => runSelect(steps, output, frame) };
}

async function* runSelect(
  steps: readonly FromStep[],
  output: QueryOutput,
  frame: Frame,
): AsyncGenerator<dom.Value> {
  await readTables(steps, frame);
  const state = output.start(frame);
  if (!state.isDone()) {
    for await (const _ of rows(steps, frame)) {
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
