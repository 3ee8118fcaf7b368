// SPDX-License-Identifier: MIT
import type { Evaluate } from "../run/evaluate";
import type { Frame } from "../run/frame";
import type { Expression } from "../syntax/ast";
import { compare } from "../value/compare";
import { type Datum, NULL, TRUE } from "../value/datum";
import { compileExpression } from "./compile-expression";
import type { ExpressionContext, ExpressionOf } from "./compile-expression";
import { compileCondition } from "./compile-predicate";

/** Compiles CASE: the first branch that holds, or ELSE, or NULL. What comes after that branch is not evaluated. */
export function compileCase(
  { operand, branches, otherwise }: ExpressionOf<"case">,
  context: ExpressionContext,
): Evaluate {
  const subject = operand && compileExpression(operand, context);
  const compiled = branches.map(({ when, then }) => ({
    holds: subject === undefined ? compileCondition(when, "WHEN", context) : compileEqual(when, context),
    then: compileExpression(then, context),
  }));
  const last = otherwise === undefined ? () => NULL : compileExpression(otherwise, context);
  return (frame) => {
    const value = subject?.(frame);
    const found = compiled.find(({ holds }) => holds(frame, value) === true);
    return (found?.then ?? last)(frame);
  };
}

function compileEqual(
  expression: Expression,
  context: ExpressionContext,
): (frame: Frame, subject: Datum) => boolean {
  const evaluate = compileExpression(expression, context);
  return (frame, subject) => compare("=", subject, evaluate(frame)) === TRUE;
}
