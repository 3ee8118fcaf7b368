// SPDX-License-Identifier: MIT
import { NULL } from "../value/datum";
import { ValueItem } from "./frame";
import type { Frame, RowItem } from "./frame";
import { runNested } from "./nested-query";
import { openSource } from "./open-source";
import type { Filter, FromStep, ValuesSource } from "./from-step";

/**
 * Runs the loops of a FROM clause, whose first item has the slot `slot`: each time it yields, `frame.items` are one
 * combination that satisfies all conditions.
 *
 * @param skip - so many documents are left out, where the clause takes in every document of one table
 */
export async function* rows(
  steps: readonly FromStep[],
  frame: Frame,
  slot: number,
  skip = 0,
): AsyncGenerator<undefined> {
  const [step, ...inner] = steps;
  if (step === undefined) return;
  const items = step.on === undefined ? openSource(step, frame, skip) : matches(step, step.on, frame, slot);
  for await (const item of items) {
    frame.items[slot] = item;
    if (frame.workload.spend(1)) await frame.workload.rest();
    if (!(step.isQuick ? allHold(step.filters, frame) : await allHoldInTurn(step.filters, frame))) continue;
    if (inner.length === 0) yield undefined;
    else yield* rows(inner, frame, slot + 1);
  }
}

/** What LEFT JOIN joins with the current items: those that match, or NULL if none does. */
async function* matches(
  step: FromStep,
  on: readonly Filter[],
  frame: Frame,
  slot: number,
): AsyncGenerator<RowItem> {
  let isMatched = false;
  for await (const item of openSource(step, frame)) {
    frame.items[slot] = item;
    if (frame.workload.spend(1)) await frame.workload.rest();
    if (!(await allHoldInTurn(on, frame))) continue;
    isMatched = true;
    yield item;
  }
  if (!isMatched) yield new ValueItem(NULL);
}

function allHold(filters: readonly Filter[], frame: Frame): boolean {
  return filters.every(({ holds }) => holds(frame) === true);
}

/** The same where conditions have nested queries: each of these runs only if the conditions before it hold. */
async function allHoldInTurn(filters: readonly Filter[], frame: Frame): Promise<boolean> {
  for (const { holds, queries } of filters) {
    await runNested(queries, frame);
    if (holds(frame) !== true) return false;
  }
  return true;
}

type ValueStep = FromStep & { readonly source: ValuesSource };

/** The same for loops over values only: nothing is waited for. */
export function* valueRows(steps: readonly ValueStep[], frame: Frame, slot: number): Generator<undefined> {
  const [step, ...inner] = steps;
  if (step === undefined) return;
  for (const item of step.on === undefined
    ? step.source.items(frame)
    : valueMatches(step, step.on, frame, slot)) {
    frame.items[slot] = item;
    frame.workload.spend(1);
    if (!allHold(step.filters, frame)) continue;
    if (inner.length === 0) yield undefined;
    else yield* valueRows(inner, frame, slot + 1);
  }
}

function* valueMatches(
  step: ValueStep,
  on: readonly Filter[],
  frame: Frame,
  slot: number,
): Generator<RowItem> {
  let isMatched = false;
  for (const item of step.source.items(frame)) {
    frame.items[slot] = item;
    frame.workload.spend(1);
    if (!allHold(on, frame)) continue;
    isMatched = true;
    yield item;
  }
  if (!isMatched) yield new ValueItem(NULL);
}
