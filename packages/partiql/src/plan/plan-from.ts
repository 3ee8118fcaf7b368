// SPDX-License-Identifier: MIT
import type { Filter, FromStep, Lookup } from "../run/from-step";
import { findLookups } from "./find-lookups";
import type { Expression, FromNode } from "../syntax/ast";
import { compileCondition } from "./compile-predicate";
import { planSource } from "./plan-source";
import type { Scope } from "./scope";

/**
 * Plans FROM and WHERE as nested loops, outermost first, and declares the names of the items in `scope`.
 *
 * Items are read in the order of the text; each condition is checked as soon as the items that it reads are bound.
 */
export function planFrom(
  items: readonly FromNode[],
  where: Expression | undefined,
  scope: Scope,
): readonly FromStep[] {
  const conditions: PlannedCondition[] = [];
  const sources = items.map((item) => {
    const source = planSource(item, scope);
    // An ON condition sees the items up to its own, so it is planned before the next one is declared.
    const on = conjuncts(item.on).map((condition) => planCondition(condition, "ON", scope));
    if (item.join === "left") return { source, on };
    conditions.push(...on);
    return { source, on: undefined };
  });
  conditions.push(...conjuncts(where).map((condition) => planCondition(condition, "WHERE", scope)));
  return sources.map(({ source, on }, place) => {
    const slot = scope.firstSlot + place;
    const filters = conditions.filter(({ lastSlot }) => Math.max(lastSlot, scope.firstSlot) === slot);
    return {
      source,
      // After LEFT JOIN, what ON does not find is there as NULL: no other condition may restrict what is read.
      lookups: (on ?? conditions).flatMap(({ lookups }) => lookups[place] ?? []),
      on: on && inOrder(on),
      filters: inOrder(filters),
      isQuick: filters.every(({ queries }) => queries.length === 0),
    };
  });
}

interface PlannedCondition extends Filter {
  /** By place in FROM. */
  readonly lookups: readonly (readonly Lookup[])[];
  readonly lastSlot: number;
}

/** Conditions that need no nested query come first: they may spare running it. */
function inOrder(filters: readonly Filter[]): readonly Filter[] {
  return [...filters].sort((left, right) => left.queries.length - right.queries.length);
}

function planCondition(expression: Expression, place: string, scope: Scope): PlannedCondition {
  const tracked = scope.track(() => compileCondition(expression, place, { scope }));
  const { result: holds, lastSlot, queries } = tracked;
  return {
    holds,
    lastSlot,
    queries,
    lookups: scope.slots.map((slot) => findLookups(expression, slot, scope)),
  };
}

/** The parts of a condition that must all hold. */
function conjuncts(condition: Expression | undefined): readonly Expression[] {
  if (condition === undefined) return [];
  if (condition.kind !== "logical" || condition.operator !== "AND") return [condition];
  return condition.operands.flatMap(conjuncts);
}
