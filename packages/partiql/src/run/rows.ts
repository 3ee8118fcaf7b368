// SPDX-License-Identifier: MIT
import { truthOf } from "../value/datum";
import type { Frame } from "./frame";
import { openSource } from "./open-source";
import type { FromStep } from "../plan/plan-from";

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
    if (!step.filters.every((filter) => truthOf(filter(frame)) === true)) continue;
    if (isLast) yield undefined;
    else yield* rows(steps, frame, slot + 1);
  }
}
