// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import { PartiqlSemanticError } from "../errors";
import type { Evaluate } from "../run/evaluate";
import type { Expression } from "../syntax/ast";
import { isAbsent, NULL } from "../value/datum";
import { QUICK_FUNCTIONS, SCALAR_FUNCTIONS } from "../value/functions";
import { compileExpression, failure, looked } from "./compile-expression";
import type { ExpressionContext, ExpressionOf } from "./compile-expression";
import { compileRows } from "./compile-subquery";

/** Compiles a call of one of QLDB's functions. */
export function compileCall(
  { name, operands, at }: ExpressionOf<"call">,
  context: ExpressionContext,
): Evaluate {
  if (name === "TXID") return (frame) => new dom.String(frame.catalog.transactionId);
  if (name === "UTCNOW") return (frame) => new dom.Timestamp(frame.catalog.now());
  const apply = SCALAR_FUNCTIONS[name];
  if (apply === undefined) {
    throw new PartiqlSemanticError(
      `Expected one of QLDB's functions, found ${name}.`,
      context.scope.source,
      at,
    );
  }
  const evaluate = operands.map((operand) => compileOperand(name, operand, context));
  if (name === "COALESCE") return firstPresent(evaluate);
  const fail = failure(`operands that ${name} can work on`, at, context);
  if (QUICK_FUNCTIONS.has(name)) return (frame) => fail(apply(evaluate.map((operand) => operand(frame))));
  return (frame) => fail(apply(evaluate.map((operand) => looked(operand(frame), frame))));
}

/** Of a nested SELECT, functions of collections take the rows, and others the single value. */
function compileOperand(name: string, operand: Expression, context: ExpressionContext): Evaluate {
  if (name === "EXISTS") return compileRows(operand, context, 1);
  return name === "SIZE" ? compileRows(operand, context) : compileExpression(operand, context);
}

/** As in SQL, COALESCE is a CASE: what comes after the first value is not evaluated. */
function firstPresent(operands: readonly Evaluate[]): Evaluate {
  return (frame) => {
    for (const operand of operands) {
      const value = operand(frame);
      if (!isAbsent(value)) return value;
    }
    return NULL;
  };
}
