// SPDX-License-Identifier: MIT
import type { Evaluate } from "../run/evaluate";
import { isEqual } from "../value/compare";
import { isAbsent, NULL } from "../value/datum";
import type { Datum } from "../value/datum";
import { compileExpression } from "./compile-expression";
import type { ExpressionContext, ExpressionOf } from "./compile-expression";
import { compileCondition } from "./compile-predicate";

/** Compiles CASE: the first branch that holds, or ELSE, or NULL. What comes after that branch is not evaluated. */
export function compileCase(
  { operand, branches, otherwise }: ExpressionOf<"case">,
  context: ExpressionContext,
): Evaluate {
  const last = otherwise === undefined ? () => NULL : compileExpression(otherwise, context);
  const results = branches.map(({ then }) => compileExpression(then, context));
  if (operand === undefined) {
    const conditions = branches.map(({ when }) => compileCondition(when, "WHEN", context));
    return (frame) => (results[conditions.findIndex((holds) => holds(frame) === true)] ?? last)(frame);
  }
  const subject = compileExpression(operand, context);
  const candidates = branches.map(({ when }) => compileExpression(when, context));
  return (frame) => {
    const value = subject(frame);
    return (results[candidates.findIndex((candidate) => isSame(value, candidate(frame)))] ?? last)(frame);
  };
}

/** `=`, of which NULL and MISSING are no part. */
function isSame(left: Datum, right: Datum): boolean {
  return !isAbsent(left) && !isAbsent(right) && isEqual(left, right);
}
