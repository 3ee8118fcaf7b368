// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import { NULL } from "../value/datum";
import { ValueItem } from "./frame";
import type { Frame, RowItem } from "./frame";
import { settled } from "./nested-query";
import { openSource } from "./open-source";
import type { Filter, FromStep, ValuesSource } from "./from-step";
import type { Holding } from "./workload";

/** The item that an outer join puts where nothing matches. */
const NO_MATCH = new ValueItem(NULL);

/** The last item of a FROM clause with those before it. */
interface Join {
  readonly step: FromStep;
  readonly before: readonly FromStep[];
  readonly frame: Frame;
  /** The slot of the first item. */
  readonly firstSlot: number;
  /** The slot of the last item. */
  readonly slot: number;
  readonly skip: number;
}

/**
 * Runs the loops of a FROM clause, whose first item has the slot `firstSlot`: each time it yields, `frame.items` are one
 * combination that satisfies all conditions.
 *
 * @param skip - so many documents are left out, where the clause takes in every document of one table
 */
export function rows(
  steps: readonly FromStep[],
  frame: Frame,
  firstSlot: number,
  skip = 0,
): AsyncGenerator<undefined> | readonly undefined[] {
  const step = steps.at(-1);
  if (step === undefined) return [undefined];
  const before = steps.slice(0, -1);
  const join = { step, before, frame, firstSlot, slot: firstSlot + before.length, skip };
  if (step.join === "right") return rightRows(join);
  return step.join === "full" ? fullRows(join) : innerRows(join);
}

/** The items before are the outer loops: so of INNER, CROSS and LEFT JOIN. */
async function* innerRows(join: Join): AsyncGenerator<undefined> {
  const { step, before, frame, firstSlot, slot, skip } = join;
  for await (const _ of rows(before, frame, firstSlot)) {
    for await (const item of step.join === "left" ? matches(join) : openSource(step, frame, skip)) {
      frame.items[slot] = item;
      if (frame.workload.spend(1)) await frame.workload.rest();
      const holds = allHold(step, frame);
      if (typeof holds === "boolean" ? holds : await holds) yield undefined;
    }
  }
}

/** Of RIGHT JOIN, the last item is the outer loop: one of its rows is kept also if no combination of the others matches. */
async function* rightRows({ step, before, frame, firstSlot, slot }: Join): AsyncGenerator<undefined> {
  for await (const item of openSource(step, frame)) {
    frame.items[slot] = item;
    if (frame.workload.spend(1)) await frame.workload.rest();
    if (!(await allHoldInTurn(step.ownFilters, frame))) continue;
    let isMatched = false;
    for await (const _ of rows(before, frame, firstSlot)) {
      isMatched = true;
      if (await allHold(step, frame)) yield undefined;
    }
    if (isMatched) continue;
    bindNoMatch(frame, firstSlot, slot);
    if (await allHold(step, frame)) yield undefined;
  }
}

/** FULL JOIN is LEFT JOIN, and then the items that matched nothing. */
async function* fullRows(join: Join): AsyncGenerator<undefined> {
  const { step, before, frame, firstSlot, slot } = join;
  const matched = new MatchedItems(frame.workload.holding());
  try {
    for await (const _ of rows(before, frame, firstSlot)) {
      for await (const item of matches(join, matched)) {
        frame.items[slot] = item;
        if (await allHold(step, frame)) yield undefined;
      }
    }
    bindNoMatch(frame, firstSlot, slot);
    let position = 0;
    for await (const item of openSource({ source: step.source, lookups: [] }, frame)) {
      if (frame.workload.spend(1)) await frame.workload.rest();
      if (matched.has(item, position++)) continue;
      frame.items[slot] = item;
      if (await allHold(step, frame)) yield undefined;
    }
  } finally {
    matched.forget();
  }
}

/** The items that LEFT and FULL JOIN join with the current items: those that match, or NULL if none does. */
async function* matches({ step, frame, slot }: Join, matched?: MatchedItems): AsyncGenerator<RowItem> {
  let isMatched = false;
  let position = 0;
  for await (const item of openSource(step, frame)) {
    frame.items[slot] = item;
    if (frame.workload.spend(1)) await frame.workload.rest();
    const place = position++;
    if (!(await allHoldInTurn(step.on, frame))) continue;
    isMatched = true;
    matched?.add(item, place);
    yield item;
  }
  if (!isMatched) yield NO_MATCH;
}

/** The items of one side of a FULL JOIN that have a match. */
class MatchedItems {
  readonly #keys = new Set<string | number>();
  readonly #holding: Holding;

  constructor(holding: Holding) {
    this.#holding = holding;
  }

  /** @param position - among the items of the source; it tells apart those of a list, which is never looked up in */
  add(item: RowItem, position: number): void {
    const key = item.identity ?? position;
    if (this.#keys.has(key)) return;
    this.#holding.hold(new dom.String(`${key}`));
    this.#keys.add(key);
  }

  has(item: RowItem, position: number): boolean {
    return this.#keys.has(item.identity ?? position);
  }

  forget(): void {
    this.#holding.releaseAll();
  }
}

function bindNoMatch(frame: Frame, from: number, to: number): void {
  for (let slot = from; slot < to; slot += 1) frame.items[slot] = NO_MATCH;
}

/** A promise only where a condition has nested queries: waiting for each row takes time. */
function allHold({ filters, isQuick }: FromStep, frame: Frame): boolean | Promise<boolean> {
  return isQuick ? allHoldNow(filters, frame) : allHoldInTurn(filters, frame);
}

function allHoldNow(filters: readonly Filter[], frame: Frame): boolean {
  return filters.every(({ holds }) => holds(frame) === true);
}

/** Each condition is decided only if those before it hold, and so are its nested queries run. */
async function allHoldInTurn(filters: readonly Filter[], frame: Frame): Promise<boolean> {
  for (const { holds, isQuick } of filters) {
    const truth = isQuick ? holds(frame) : await settled(frame, () => holds(frame));
    if (truth !== true) return false;
  }
  return true;
}

type ValueStep = FromStep & { readonly source: ValuesSource };

/** The same for loops over values only, without RIGHT and FULL JOIN: nothing is waited for. */
export function* valueRows(steps: readonly ValueStep[], frame: Frame, slot: number): Generator<undefined> {
  const [step, ...inner] = steps;
  if (step === undefined) return;
  for (const item of step.join === "left" ? valueMatches(step, frame, slot) : step.source.items(frame)) {
    frame.items[slot] = item;
    frame.workload.spend(1);
    if (!allHoldNow(step.filters, frame)) continue;
    if (inner.length === 0) yield undefined;
    else yield* valueRows(inner, frame, slot + 1);
  }
}

function* valueMatches(step: ValueStep, frame: Frame, slot: number): Generator<RowItem> {
  let isMatched = false;
  for (const item of step.source.items(frame)) {
    frame.items[slot] = item;
    frame.workload.spend(1);
    if (!allHoldNow(step.on, frame)) continue;
    isMatched = true;
    yield item;
  }
  if (!isMatched) yield NO_MATCH;
}
