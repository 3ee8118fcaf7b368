// SPDX-License-Identifier: MIT
import type { Filter, FromStep, Lookup, Source } from "../run/from-step";
import { findLookups } from "./find-lookups";
import type { Expression, FromNode } from "../syntax/ast";
import { compileCondition } from "./compile-predicate";
import { JoinOrder } from "./join-order";
import { planSource } from "./plan-source";
import type { Scope } from "./scope";

/**
 * Plans FROM and WHERE as nested loops, and declares the names of the items in `scope`.
 *
 * Items are read in the order of the text, but for RIGHT JOIN; each condition is checked as soon as the items that it reads are bound.
 */
export function planFrom(
  items: readonly FromNode[],
  where: Expression | undefined,
  scope: Scope,
): readonly FromStep[] {
  const order = new JoinOrder(items.map(({ join }) => join));
  const plan = (condition: Expression, place: string, home: number) =>
    conjuncts(condition).map((part) => planCondition(part, { place, home, scope, order }));
  const conditions: PlannedCondition[] = [];
  const parts = items.map((item, place): PlannedItem => {
    const source = planSource(item, scope);
    // An ON condition sees the items up to its own, so it is planned before the next one is declared.
    const on = item.on === undefined ? [] : plan(item.on, "ON", item.join === "right" ? place - 1 : place);
    if (item.join === "left" || item.join === "full") return { source, on };
    conditions.push(...on);
    return { source, on: [] };
  });
  if (where !== undefined) conditions.push(...plan(where, "WHERE", items.length - 1));
  return parts.map((part, place) => toStep({ ...part, place, conditions, order }));
}

interface PlannedItem {
  readonly source: Source;
  /** The conditions of LEFT and FULL JOIN. */
  readonly on: readonly PlannedCondition[];
}

interface PlannedCondition extends Filter {
  /** By place in FROM. */
  readonly lookups: readonly (readonly Lookup[])[];
  /** The places of the items that it reads. */
  readonly places: readonly number[];
  /**
   * The last of the items whose combinations it restricts. Those of RIGHT JOIN restrict the items before it, which are looked through
   * for each row of its own item.
   */
  readonly home: number;
}

function toStep({
  source,
  on,
  place,
  conditions,
  order,
}: PlannedItem & {
  readonly place: number;
  readonly conditions: readonly PlannedCondition[];
  readonly order: JoinOrder;
}): FromStep {
  const join = order.joins[place] ?? "inner";
  const filters = conditions.filter(({ places, home }) => order.decidedAt(places, home) === place);
  const isOwn = ({ places }: PlannedCondition) => join === "right" && places.every((each) => each === place);
  const others = filters.filter((filter) => !isOwn(filter));
  // After LEFT and FULL JOIN, what ON does not find is there as NULL: no other condition may restrict what is read.
  const restricting =
    join === "left" || join === "full" ? on : conditions.filter(({ home }) => order.restricts(home, place));
  return {
    source,
    join,
    lookups: restricting.flatMap(({ lookups }) => lookups[place] ?? []),
    ownFilters: inOrder(filters.filter(isOwn)),
    filters: inOrder(others),
    on: inOrder(on),
    isQuick: others.every(({ isQuick }) => isQuick),
  };
}

/** Conditions that need no nested query come first: they may spare running it. */
function inOrder(filters: readonly Filter[]): readonly Filter[] {
  return [...filters].sort((left, right) => Number(right.isQuick) - Number(left.isQuick));
}

function planCondition(
  expression: Expression,
  {
    place,
    home,
    scope,
    order,
  }: { readonly place: string; readonly home: number; readonly scope: Scope; readonly order: JoinOrder },
): PlannedCondition {
  const { result: holds, slots, isQuick } = scope.track(() => compileCondition(expression, place, { scope }));
  const placesOf = (some: readonly number[]) =>
    some.filter((slot) => slot >= scope.firstSlot).map((slot) => slot - scope.firstSlot);
  const lookups = scope.slots.map((slot, at) => {
    const areBound = (needed: readonly number[]) => order.areReadBefore(placesOf(needed), at);
    return findLookups(expression, { slot, scope, areBound });
  });
  return { holds, isQuick, lookups, places: placesOf(slots), home };
}

/** The parts of a condition that must all hold. */
function conjuncts(condition: Expression): readonly Expression[] {
  if (condition.kind !== "logical" || condition.operator !== "AND") return [condition];
  return condition.operands.flatMap(conjuncts);
}
