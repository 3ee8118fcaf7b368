// SPDX-License-Identifier: MIT
import { PartiqlSemanticError } from "../errors";
import type { Evaluate } from "../run/evaluate";
import type { AggregateExpression, Expression, PathExpression } from "../syntax/ast";
import type { ExpressionContext } from "./compile-expression";
import type { GroupPlace, Scope } from "./scope";

/** Compiles an expression that is a key of GROUP BY; `undefined` for any other. */
export function compileKey(expression: Expression, { scope }: ExpressionContext): Evaluate | undefined {
  const place = scope.findKey(expression);
  return place && keyAt(place);
}

/** A path into a key of GROUP BY, such as `address.city` with the key `address`: the key, and how many steps follow it. */
export function compileKeyOfPath(
  { root, steps, at }: PathExpression,
  scope: Scope,
): { readonly key: Evaluate; readonly taken: number } | undefined {
  for (const taken of scope.keyStepCounts) {
    if (taken < 0 || taken >= steps.length) continue;
    const beginning: Expression =
      taken === 0 ? root : { kind: "path", root, steps: steps.slice(0, taken), at };
    const place = scope.findKey(beginning);
    if (place !== undefined) return { key: keyAt(place), taken };
  }
  return undefined;
}

function keyAt({ slot, index }: GroupPlace): Evaluate {
  return (frame) => frame.group(slot).keys[index];
}

/** Compiles an aggregate: its result for the current group. */
export function compileAggregate(expression: AggregateExpression, { scope }: ExpressionContext): Evaluate {
  const place = scope.addAggregate(expression);
  if (place === undefined) {
    throw new PartiqlSemanticError(
      `Expected an aggregate only in SELECT, HAVING and ORDER BY, found ${expression.function} elsewhere.`,
      scope.source,
      expression.at,
    );
  }
  const { slot, index } = place;
  return (frame) => frame.group(slot).aggregates[index];
}
