// SPDX-License-Identifier: MIT
import type { FromStep } from "../run/from-step";
import { findLookups } from "./find-lookups";
import type { Lookup } from "../run/from-step";
import type { Expression, FromNode } from "../syntax/ast";
import { compileCondition, type Condition } from "./compile-predicate";
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
    conditions.push(...conjuncts(item.on).map((condition) => planCondition(condition, "ON", scope)));
    return source;
  });
  conditions.push(...conjuncts(where).map((condition) => planCondition(condition, "WHERE", scope)));
  return sources.map((source, place) => ({
    source,
    lookups: conditions.flatMap(({ lookups }) => lookups[place] ?? []),
    filters: conditions.flatMap(({ holds, lastSlot }) =>
      Math.max(lastSlot, scope.firstSlot) === scope.firstSlot + place ? [holds] : [],
    ),
  }));
}

interface PlannedCondition {
  /** By place in FROM. */
  readonly lookups: readonly (readonly Lookup[])[];
  readonly holds: Condition;
  readonly lastSlot: number;
}

function planCondition(expression: Expression, place: string, scope: Scope): PlannedCondition {
  const { result: holds, lastSlot } = scope.track(() => compileCondition(expression, place, { scope }));
  return { holds, lastSlot, lookups: scope.slots.map((slot) => findLookups(expression, slot, scope)) };
}

/** The parts of a condition that must all hold. */
function conjuncts(condition: Expression | undefined): readonly Expression[] {
  if (condition === undefined) return [];
  if (condition.kind !== "logical" || condition.operator !== "AND") return [condition];
  return condition.operands.flatMap(conjuncts);
}
