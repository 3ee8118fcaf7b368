// SPDX-License-Identifier: MIT
import { rangeOver } from "../value/datum";
import { ValueItem } from "./frame";
import type { Frame } from "./frame";
import { openSource } from "./open-source";
import type { FromStep } from "./from-step";
import type { ValuesSource } from "./from-step";

/**
 * Runs the loops of a FROM clause: each time it yields, `frame.items` are one combination that satisfies all
 * conditions.
 */
export async function* rows(steps: readonly FromStep[], frame: Frame, slot = 0): AsyncGenerator<undefined> {
  const step = steps[slot];
  if (step === undefined) return;
  const isLast = slot === steps.length - 1;
  for await (const item of openSource(step, frame)) {
    frame.items[slot] = item;
    if (frame.workload.spend(1)) await frame.workload.rest();
    if (!step.filters.every((holds) => holds(frame) === true)) continue;
    if (isLast) yield undefined;
    else yield* rows(steps, frame, slot + 1);
  }
}

/** The same for loops over values only, whose first item has the slot `slot`: nothing is waited for. */
export function* valueRows(
  steps: readonly (FromStep & { readonly source: ValuesSource })[],
  frame: Frame,
  slot: number,
): Generator<undefined> {
  const [step, ...inner] = steps;
  if (step === undefined) return;
  let ordinal = 0;
  for (const value of rangeOver(step.source.collection(frame))) {
    frame.items[slot] = new ValueItem(value, ordinal++);
    frame.workload.spend(1);
    if (!step.filters.every((holds) => holds(frame) === true)) continue;
    if (inner.length === 0) yield undefined;
    else yield* valueRows(inner, frame, slot + 1);
  }
}
