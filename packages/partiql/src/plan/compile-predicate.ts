// SPDX-License-Identifier: MIT
import { compare } from "../value/compare";
import { compileExpression, failure } from "./compile-expression";
import { compileValues } from "./compile-subquery";
import type { Evaluate } from "../run/evaluate";
import type { ExpressionContext, ExpressionOf } from "./compile-expression";
import { isAbsent, NULL, textOf, toDatum } from "../value/datum";
import type { Datum } from "../value/datum";
import { PartiqlEvaluationError } from "../errors";
import type { Frame } from "../run/frame";
import { matchesPattern, parsePattern } from "../value/like";
import { isMember, membersOf } from "../value/membership";
import type { Members } from "../value/membership";
import { mismatch, Problem } from "../value/problem";
import { truthOf } from "../value/truth";
import type { Tracked } from "./scope";
import { workOf } from "../value/weight";
import type { ComparisonOperator, Expression } from "../syntax/ast";

/** The truth of a condition in the current row; `undefined` where it is unknown. */
export type Condition = (frame: Frame) => boolean | undefined;

/**
 * Compiles an expression that must be a boolean, NULL or MISSING.
 *
 * @param place what asks for it: "WHERE", "AND"
 */
export function compileCondition(
  expression: Expression,
  place: string,
  context: ExpressionContext,
): Condition {
  const evaluate = compileExpression(expression, context);
  const fail = failure<boolean | undefined>(`a condition for ${place}`, expression.at, context);
  return (frame) => fail(truthOf(evaluate(frame)));
}

/** Compiles a chain of AND or OR; evaluation stops at the first operand that decides. */
export function compileLogical(
  { operator, operands }: ExpressionOf<"logical">,
  context: ExpressionContext,
): Evaluate {
  const conditions = operands.map((operand) => compileCondition(operand, operator, context));
  const decisive = operator === "OR";
  return (frame) => {
    let unknown = false;
    for (const condition of conditions) {
      const truth = condition(frame);
      if (truth === decisive) return toDatum(decisive);
      if (truth === undefined) unknown = true;
    }
    return toDatum(unknown ? undefined : !decisive);
  };
}

/** Compiles the right side of IN; it is prepared once per execution, unless it depends on the row. */
export function compileMembers(
  expression: ExpressionOf<"in">,
  context: ExpressionContext,
): Tracked<(frame: Frame) => Members> {
  const { collection, scalarAllowed } = expression;
  const tracked = context.scope.track(() => compileValues(collection, context));
  const prepare = (frame: Frame) => {
    const members = tracked.result(frame);
    frame.workload.spend(workOf(members));
    return membersOf(members, scalarAllowed);
  };
  const result =
    tracked.slots.length === 0 ? (frame: Frame) => frame.once(expression, () => prepare(frame)) : prepare;
  return { ...tracked, result };
}

/** Compiles `[NOT] IN`. */
export function compileIn(expression: ExpressionOf<"in">, context: ExpressionContext): Evaluate {
  const operand = compileExpression(expression.operand, context);
  const { result: members } = compileMembers(expression, context);
  return (frame) => {
    const value = operand(frame);
    frame.workload.spend(workOf(value));
    return toDatum(isMember(value, members(frame)) !== expression.negated);
  };
}

/** Compiles `[NOT] BETWEEN`, which includes both bounds. */
export function compileBetween(expression: ExpressionOf<"between">, context: ExpressionContext): Evaluate {
  const operand = compileExpression(expression.operand, context);
  const low = compileExpression(expression.low, context);
  const high = compileExpression(expression.high, context);
  const fail = failure<boolean | undefined>("operands that BETWEEN can compare", expression.at, context);
  return (frame) => {
    const value = operand(frame);
    const [from, to] = [low(frame), high(frame)];
    frame.workload.spend(2 * workOf(value) + workOf(from) + workOf(to));
    const bounds = [fail(truthOfComparison(">=", value, from)), fail(truthOfComparison("<=", value, to))];
    if (bounds.includes(false)) return toDatum(expression.negated);
    return toDatum(bounds.includes(undefined) ? undefined : !expression.negated);
  };
}

function truthOfComparison(
  ...comparison: [operator: ComparisonOperator, left: Datum, right: Datum]
): boolean | undefined | Problem {
  const result = compare(...comparison);
  return result instanceof Problem ? result : truthOf(result);
}

/** Compiles `[NOT] LIKE`. */
export function compileLike(expression: ExpressionOf<"like">, context: ExpressionContext): Evaluate {
  const { at, negated } = expression;
  const operand = compileExpression(expression.operand, context);
  const pattern = compileExpression(expression.pattern, context);
  const escape = expression.escape && compileExpression(expression.escape, context);
  const { source } = context.scope;
  const fail = failure("text on both sides of LIKE", at, context);
  return (frame) => {
    const operands = [operand(frame), pattern(frame), ...(escape === undefined ? [] : [escape(frame)])];
    if (operands.some(isAbsent)) return NULL;
    const [text, patternText, escapeText] = operands.map(textOf);
    if (text === undefined || patternText === undefined) return fail(mismatch(...operands));
    const parsed = parsePattern(patternText, escapeText);
    if (parsed === undefined) {
      throw new PartiqlEvaluationError(
        "Expected a LIKE pattern whose escape is one character, before %, _ or itself, found another.",
        source,
        at,
      );
    }
    const spend = (units: number): boolean => frame.workload.spend(units);
    return toDatum(matchesPattern(text, parsed, spend) !== negated);
  };
}
