// SPDX-License-Identifier: MIT
import type { Evaluate } from "../run/evaluate";
import { dom, IonTypes } from "ion-js";
import { applySign, calculate } from "../value/arithmetic";
import type { Expression, PathExpression, PathStep } from "../syntax/ast";
import { compileCall } from "./compile-call";
import { compileCase } from "./compile-case";
import { compileAggregate, compileKey, compileKeyOfPath } from "./compile-group";
import { castTo } from "../value/cast";
import { compare } from "../value/compare";
import { compileRows, compileSubquery } from "./compile-subquery";
import {
  compileBetween,
  compileCondition,
  compileIn,
  compileLike,
  compileLogical,
} from "./compile-predicate";
import { fieldOf, isAbsent, NULL, textOf, toDatum } from "../value/datum";
import type { Datum } from "../value/datum";
import { PartiqlEvaluationError, PartiqlSemanticError } from "../errors";
import { ordinalOf } from "../run/frame";
import type { Frame } from "../run/frame";
import { stepInto } from "../value/functions";
import type { PathKey } from "../value/node";
import { Problem } from "../value/problem";
import type { Binding, Scope } from "./scope";
import { makeStruct } from "../value/struct";
import type { Field } from "../value/struct";
import { isOfType } from "../value/type-test";
import { weightOf, workOf } from "../value/weight";

/** The rules of an expression's place. */
export interface ExpressionContext {
  readonly scope: Scope;
}

/**
 * Compiles an expression into a function, once per statement.
 *
 * @throws PartiqlSemanticError if it cannot mean anything where it stands
 */
export function compileExpression(expression: Expression, context: ExpressionContext): Evaluate {
  return compileKey(expression, context) ?? compileOwn(expression, context);
}

function compileOwn(expression: Expression, context: ExpressionContext): Evaluate {
  switch (expression.kind) {
    case "literal":
      return () => expression.value;
    case "missing":
      return () => undefined;
    case "parameter":
      context.scope.decodedParameters.add(expression.index);
      return (frame) => frame.parameter(expression.index).value;
    case "name":
      return compileName(expression, context);
    case "path":
      return compilePath(expression, context);
    case "unary":
      return compileUnary(expression, context);
    case "logical":
      return compileLogical(expression, context);
    case "arithmetic":
      return compileArithmetic(expression, context);
    case "comparison": {
      const { operator, at } = expression;
      const left = compileExpression(expression.left, context);
      const right = compileExpression(expression.right, context);
      const fail = failure(`operands that ${operator} can compare`, at, context);
      return (frame) => {
        const [a, b] = [left(frame), right(frame)];
        frame.workload.spend(workOf(a) + workOf(b));
        return fail(compare(operator, a, b));
      };
    }
    case "in":
      return compileIn(expression, context);
    case "between":
      return compileBetween(expression, context);
    case "like":
      return compileLike(expression, context);
    case "is": {
      const operand = compileExpression(expression.operand, context);
      return (frame) => toDatum(isOfType(operand(frame), expression.type) !== expression.negated);
    }
    case "call":
      return compileCall(expression, context);
    case "cast": {
      const operand = compileExpression(expression.operand, context);
      const fail = failure("a value that CAST can convert", expression.at, context);
      return (frame) => fail(castTo(looked(operand(frame), frame), expression.type));
    }
    case "aggregate":
      return compileAggregate(expression, context);
    case "struct":
      return compileStruct(expression, context);
    case "collection":
      return compileCollection(expression, context);
    case "case":
      return compileCase(expression, context);
    case "subquery":
      return compileSubquery(expression, context);
  }
}

/** The expressions of one kind. */
export type ExpressionOf<K extends Expression["kind"]> = Extract<Expression, { kind: K }>;

function compileName({ name, at }: ExpressionOf<"name">, { scope }: ExpressionContext): Evaluate {
  const binding = scope.find(name);
  if (binding === undefined) return compileField(name, scope, at);
  return (frame) => valueOf(binding, frame);
}

/** The value of a FROM item's name in the current row. */
export function valueOf({ slot, kind }: Binding, frame: Frame): Datum {
  const item = frame.item(slot);
  switch (kind) {
    case "item":
      return item.value();
    case "ordinal":
      return ordinalOf(item);
    case "documentId":
      return item.idValue();
  }
}

/**
 * A name that is no alias: a field of the FROM item, or of the first of several that has it.
 *
 * @param inner - leads from the field to a part of it; only for a single FROM item
 */
function compileField(name: string, scope: Scope, at: number, inner: readonly PathKey[] = []): Evaluate {
  const slots = scope.fieldSlots;
  const [only] = slots;
  if (only === undefined) {
    throw new PartiqlSemanticError(
      `No such variable named '${name}': nothing here defines the name. Put strings between single quotes.`,
      scope.source,
      at,
    );
  }
  for (const slot of slots) scope.use(slot);
  const path = [name, ...inner];
  if (slots.length === 1) return (frame) => frame.item(only).at(path);
  return (frame) => {
    for (const slot of slots) {
      const value = frame.item(slot).at(path);
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

function compilePath(expression: PathExpression, context: ExpressionContext): Evaluate {
  const { root, steps } = expression;
  const inKey = compileKeyOfPath(expression, context.scope);
  if (inKey !== undefined) return compileSteps(inKey.key, steps.slice(inKey.taken), context);
  const path = keysOf(steps);
  const binding = root.kind === "name" ? context.scope.find(root.name) : undefined;
  const others = steps.slice(path.length);
  // Asking the item, and not its value, lets a revision decode only the part that is named.
  if (binding?.kind === "item" && path.length > 0) {
    const { slot } = binding;
    return compileSteps((frame) => frame.item(slot).at(path), others, context);
  }
  if (root.kind === "name" && binding === undefined && context.scope.fieldSlots.length === 1)
    return compileSteps(compileField(root.name, context.scope, root.at, path), others, context);
  return compileSteps(compileRows(root, context), steps, context);
}

/** The keys of the first steps of a path, as far as the text of the statement tells them. */
export function keysOf(steps: readonly PathStep[]): readonly PathKey[] {
  const keys = steps.map(keyOf);
  const end = keys.indexOf(undefined);
  return (end === -1 ? keys : keys.slice(0, end)).filter((key) => key !== undefined);
}

function keyOf(step: PathStep): PathKey | undefined {
  if (step.kind === "field") return step.name;
  if (step.expression.kind !== "literal") return undefined;
  const { value } = step.expression;
  const text = textOf(value);
  if (text !== undefined) return text;
  const index = !isAbsent(value) && value.getType() === IonTypes.INT ? value.numberValue() : null;
  return index !== null && Number.isSafeInteger(index) && index >= 0 ? index : undefined;
}

/** A loop, not a call within a call for each step: a path may have as many as a statement has room for. */
function compileSteps(root: Evaluate, steps: readonly PathStep[], context: ExpressionContext): Evaluate {
  const taken = steps.map((step) => compileStep(step, context));
  if (taken.length === 0) return root;
  return (frame) => {
    let value = root(frame);
    for (const take of taken) value = take(value, frame);
    return value;
  };
}

function compileStep(step: PathStep, context: ExpressionContext): (outer: Datum, frame: Frame) => Datum {
  if (step.kind === "field") return (outer) => fieldOf(outer, step.name);
  const key = compileExpression(step.expression, context);
  const fail = failure("text or an int between the brackets of a path", step.at, context);
  return (outer, frame) => fail(stepInto(outer, key(frame)));
}

function compileUnary(
  { operator, operand, at }: ExpressionOf<"unary">,
  context: ExpressionContext,
): Evaluate {
  if (operator === "NOT") {
    const condition = compileCondition(operand, "NOT", context);
    return (frame) => {
      const truth = condition(frame);
      return toDatum(truth === undefined ? undefined : !truth);
    };
  }
  const evaluate = compileExpression(operand, context);
  const fail = failure(`an operand that ${operator} can work on`, at, context);
  if (operand.kind !== "literal") return (frame) => fail(applySign(operator, looked(evaluate(frame), frame)));
  const literal = applySign(operator, operand.value);
  return () => fail(literal);
}

function compileArithmetic(
  { operator, at, ...sides }: ExpressionOf<"arithmetic">,
  context: ExpressionContext,
): Evaluate {
  const left = compileExpression(sides.left, context);
  const right = compileExpression(sides.right, context);
  const fail = failure(`operands that ${operator} can work on`, at, context);
  const apply = (frame: Frame): Datum =>
    fail(calculate(operator, looked(left(frame), frame), looked(right(frame), frame)));
  return operator === "||" ? (frame) => weighed(apply(frame), frame) : apply;
}

/** A value that is looked at from beginning to end: the longer, the more work. */
export function looked(value: Datum, frame: Frame): Datum {
  frame.workload.spend(workOf(value));
  return value;
}

/** A value that the statement has built: it may hold another one many times over, so it counts as work. */
function weighed<T extends Datum>(value: T, frame: Frame): T {
  frame.workload.spend(weightOf(value));
  return value;
}

/** Makes a check that lets results pass and throws for problems. */
export function failure<T extends Datum | boolean = Datum>(
  expected: string,
  at: number,
  { scope }: Pick<ExpressionContext, "scope">,
): (result: T | Problem) => T {
  return (result) => {
    if (!(result instanceof Problem)) return result;
    throw new PartiqlEvaluationError(`Expected ${expected}, found ${result.found}.`, scope.source, at);
  };
}

function compileStruct({ fields, at }: ExpressionOf<"struct">, context: ExpressionContext): Evaluate {
  const compiled = fields.map(({ name, value }) => ({
    name: compileExpression(name, context),
    value: compileExpression(value, context),
  }));
  return (frame) => {
    const present: Field[] = [];
    for (const { name, value } of compiled) {
      const text = textOf(name(frame));
      if (text === undefined) {
        throw new PartiqlEvaluationError(
          "Expected text as the name of a field, found another value.",
          context.scope.source,
          at,
        );
      }
      const datum = value(frame);
      if (datum !== undefined) present.push([text, datum]);
    }
    return weighed(makeStruct(present), frame);
  };
}

/** A MISSING element keeps its place, as the null that the reference implementation makes of it in Ion. */
function compileCollection({ elements }: ExpressionOf<"collection">, context: ExpressionContext): Evaluate {
  const compiled = elements.map((element) => compileExpression(element, context));
  return (frame) => {
    const present: dom.Value[] = [];
    // Not `flatMap`, which would take a list for several elements: an Ion list is a JavaScript array.
    for (const element of compiled) {
      present.push(element(frame) ?? NULL);
    }
    return weighed(new dom.List(present), frame);
  };
}
