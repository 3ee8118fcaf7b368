// SPDX-License-Identifier: MIT
import type { FromStep } from "../run/from-step";
import { findLookups } from "./find-lookups";
import type { Lookup } from "../run/from-step";
import type { Expression, FromNode } from "../syntax/ast";
import { compileExpression } from "./compile-expression";
import type { Evaluate } from "../run/evaluate";
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
  const conditions: Condition[] = [];
  const sources = items.map((item) => {
    const source = planSource(item, scope);
    // An ON condition sees the items up to its own, so it is planned before the next one is declared.
    conditions.push(...conjuncts(item.on).map((condition) => compileCondition(condition, scope)));
    return source;
  });
  conditions.push(...conjuncts(where).map((condition) => compileCondition(condition, scope)));
  return sources.map((source, place) => ({
    source,
    lookups: conditions.flatMap(({ lookups }) => lookups[place] ?? []),
    filters: conditions.flatMap(({ evaluate, lastSlot }) =>
      Math.max(lastSlot, scope.firstSlot) === scope.firstSlot + place ? [evaluate] : [],
    ),
  }));
}

interface Condition {
  /** By place in FROM. */
  readonly lookups: readonly (readonly Lookup[])[];
  readonly evaluate: Evaluate;
  readonly lastSlot: number;
}

function compileCondition(expression: Expression, scope: Scope): Condition {
  const { result: evaluate, lastSlot } = scope.track(() => compileExpression(expression, { scope }));
  return { evaluate, lastSlot, lookups: scope.slots.map((slot) => findLookups(expression, slot, scope)) };
}

/** The parts of a condition that must all hold. */
function conjuncts(condition: Expression | undefined): readonly Expression[] {
  if (condition === undefined) return [];
  if (condition.kind !== "logical" || condition.operator !== "AND") return [condition];
  return condition.operands.flatMap(conjuncts);
}
