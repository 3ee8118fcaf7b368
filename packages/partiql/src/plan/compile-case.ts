// SPDX-License-Identifier: MIT
import type { Evaluate } from "../run/evaluate";
import { compare } from "../value/compare";
import { NULL, truthOf } from "../value/datum";
import { compileExpression } from "./compile-expression";
import type { ExpressionContext, ExpressionOf } from "./compile-expression";

/** Compiles CASE: the first branch that holds, or ELSE, or NULL. What comes after that branch is not evaluated. */
export function compileCase(
  { operand, branches, otherwise }: ExpressionOf<"case">,
  context: ExpressionContext,
): Evaluate {
  const subject = operand && compileExpression(operand, context);
  const compiled = branches.map(({ when, then }) => ({
    when: compileExpression(when, context),
    then: compileExpression(then, context),
  }));
  const last = otherwise === undefined ? () => NULL : compileExpression(otherwise, context);
  return (frame) => {
    const value = subject?.(frame);
    const found = compiled.find(({ when }) => {
      const condition = when(frame);
      return truthOf(subject === undefined ? condition : compare("=", value, condition)) === true;
    });
    return (found?.then ?? last)(frame);
  };
}
