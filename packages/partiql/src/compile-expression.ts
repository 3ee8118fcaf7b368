// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import { applySign, ArithmeticProblem, calculate } from "./arithmetic";
import type { AggregateExpression, Expression, PathExpression, PathStep } from "./ast";
import { compare } from "./compare";
import { elementsOf, fieldOf, isAbsent, NULL, textOf, toDatum, truthOf } from "./datum";
import type { Datum } from "./datum";
import { PartiqlEvaluationError, PartiqlSemanticError } from "./errors";
import { ordinalOf } from "./frame";
import type { Frame } from "./frame";
import { SCALAR_FUNCTIONS, stepInto } from "./functions";
import { matchesPattern, parsePattern } from "./like";
import { isMember, membersOf } from "./membership";
import type { Members } from "./membership";
import type { Scope } from "./scope";
import { makeStruct } from "./struct";
import type { Field } from "./struct";
import { isOfType } from "./type-test";

/** A compiled expression: its value in the current state of an execution. */
export type Evaluate = (frame: Frame) => Datum;

/** What the place of an expression allows. */
export interface ExpressionContext {
  readonly scope: Scope;
  /** Registers an aggregate and returns its index in `frame.aggregates`; absent where aggregates are not allowed. */
  readonly aggregate?: (expression: AggregateExpression) => number;
}

/**
 * Compiles an expression into a function, once per statement.
 *
 * @throws PartiqlSemanticError if it cannot mean anything where it stands
 */
export function compileExpression(expression: Expression, context: ExpressionContext): Evaluate {
  switch (expression.kind) {
    case "literal":
      return () => expression.value;
    case "missing":
      return () => undefined;
    case "parameter":
      return (frame) => frame.parameters[expression.index];
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
      const left = compileExpression(expression.left, context);
      const right = compileExpression(expression.right, context);
      return (frame) => compare(expression.operator, left(frame), right(frame));
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
    case "cast":
      throw new PartiqlSemanticError("cast", context.scope.source, expression.at);
    case "aggregate":
      return compileAggregate(expression, context);
    case "struct":
      return compileStruct(expression, context);
    case "collection": {
      const elements = expression.elements.map((element) => compileExpression(element, context));
      return (frame) => new dom.List(elements.flatMap((element) => element(frame) ?? []));
    }
  }
}

type Of<K extends Expression["kind"]> = Extract<Expression, { kind: K }>;

function compileName({ name, at }: Of<"name">, { scope }: ExpressionContext): Evaluate {
  const binding = scope.find(name);
  if (binding === undefined) return compileField(name, scope, at);
  const { slot, kind } = binding;
  switch (kind) {
    case "item":
      return (frame) => frame.item(slot).value();
    case "ordinal":
      return (frame) => ordinalOf(frame.item(slot));
    case "documentId":
      return (frame) => frame.item(slot).idValue();
  }
}

/** A name that is no alias: a field of the FROM item, or of the first of several that has it. */
function compileField(name: string, scope: Scope, at: number): Evaluate {
  const { itemCount } = scope;
  if (itemCount === 0) {
    throw new PartiqlSemanticError(
      `Expected a value, found the name ${name}, which nothing here defines: put strings between single quotes.`,
      scope.source,
      at,
    );
  }
  scope.use(itemCount - 1);
  if (itemCount === 1) return (frame) => frame.item(0).field(name);
  return (frame) => {
    for (let slot = 0; slot < itemCount; slot += 1) {
      const value = frame.item(slot).field(name);
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

function compilePath(expression: PathExpression, context: ExpressionContext): Evaluate {
  const { root, steps } = expression;
  const [first, ...rest] = steps;
  if (root.kind === "name" && first?.kind === "field") {
    const binding = context.scope.find(root.name);
    if (binding?.kind === "item") {
      const { slot } = binding;
      const { name } = first;
      // Asking the item, and not its value, lets a revision decode only the part that is named.
      return compileSteps((frame) => frame.item(slot).field(name), rest, context);
    }
  }
  return compileSteps(compileExpression(root, context), steps, context);
}

function compileSteps(root: Evaluate, steps: readonly PathStep[], context: ExpressionContext): Evaluate {
  return steps.reduce<Evaluate>((outer, step) => {
    if (step.kind === "field") return (frame) => fieldOf(outer(frame), step.name);
    const key = compileExpression(step.expression, context);
    return (frame) => stepInto(outer(frame), key(frame));
  }, root);
}

function compileUnary({ operator, operand }: Of<"unary">, context: ExpressionContext): Evaluate {
  const evaluate = compileExpression(operand, context);
  if (operator === "NOT") {
    return (frame) => {
      const truth = truthOf(evaluate(frame));
      return toDatum(truth === undefined ? undefined : !truth);
    };
  }
  if (operand.kind !== "literal") return (frame) => applySign(operator, evaluate(frame));
  const literal = applySign(operator, operand.value);
  return () => literal;
}

/** Stops at the first operand that decides. */
function compileLogical({ operator, operands }: Of<"logical">, context: ExpressionContext): Evaluate {
  const conditions = operands.map((operand) => compileExpression(operand, context));
  const decisive = operator === "OR";
  return (frame) => {
    let unknown = false;
    for (const condition of conditions) {
      const truth = truthOf(condition(frame));
      if (truth === decisive) return toDatum(decisive);
      if (truth === undefined) unknown = true;
    }
    return toDatum(unknown ? undefined : !decisive);
  };
}

function compileArithmetic(
  { operator, at, ...sides }: Of<"arithmetic">,
  context: ExpressionContext,
): Evaluate {
  const left = compileExpression(sides.left, context);
  const right = compileExpression(sides.right, context);
  const { source } = context.scope;
  return (frame) => {
    const result = calculate(operator, left(frame), right(frame));
    if (result instanceof ArithmeticProblem) {
      throw new PartiqlEvaluationError(
        `Expected operands that ${operator} can work on, found ${result.found}.`,
        source,
        at,
      );
    }
    return result;
  };
}

/** The right side of an IN, compiled. */
export interface CompiledMembers {
  readonly members: (frame: Frame) => Members | undefined;
  /** As for {@link Scope.track}. */
  readonly lastSlot: number;
}

/** Compiles the right side of IN; it is prepared once per execution, unless it depends on the row. */
export function compileMembers(expression: Of<"in">, context: ExpressionContext): CompiledMembers {
  const { collection, scalarAllowed } = expression;
  const { result: evaluate, lastSlot } = context.scope.track(() => compileExpression(collection, context));
  const prepare = (frame: Frame) => membersOf(evaluate(frame), scalarAllowed);
  const members = lastSlot < 0 ? (frame: Frame) => frame.once(expression, () => prepare(frame)) : prepare;
  return { members, lastSlot };
}

function compileIn(expression: Of<"in">, context: ExpressionContext): Evaluate {
  const operand = compileExpression(expression.operand, context);
  const { members } = compileMembers(expression, context);
  return (frame) => {
    const found = isMember(operand(frame), members(frame));
    return expression.negated ? negate(found) : found;
  };
}

function negate(datum: Datum): Datum {
  const truth = truthOf(datum);
  return truth === undefined ? datum : toDatum(!truth);
}

function compileBetween(expression: Of<"between">, context: ExpressionContext): Evaluate {
  const operand = compileExpression(expression.operand, context);
  const low = compileExpression(expression.low, context);
  const high = compileExpression(expression.high, context);
  return (frame) => {
    const value = operand(frame);
    const bounds = [compare(">=", value, low(frame)), compare("<=", value, high(frame))].map(truthOf);
    const inside = bounds.includes(false) ? false : bounds.includes(undefined) ? undefined : true;
    return expression.negated ? negate(toDatum(inside)) : toDatum(inside);
  };
}

function compileLike(expression: Of<"like">, context: ExpressionContext): Evaluate {
  const { at, negated } = expression;
  const operand = compileExpression(expression.operand, context);
  const pattern = compileExpression(expression.pattern, context);
  const escape = expression.escape && compileExpression(expression.escape, context);
  const { source } = context.scope;
  return (frame) => {
    const operands = [operand(frame), pattern(frame), ...(escape === undefined ? [] : [escape(frame)])];
    if (operands.some(isAbsent)) return NULL;
    const [text, patternText, escapeText] = operands.map(textOf);
    if (text === undefined || patternText === undefined) return undefined;
    const parsed = parsePattern(patternText, escapeText);
    if (parsed === undefined) {
      throw new PartiqlEvaluationError(
        "Expected a LIKE pattern whose escape is one character, before %, _ or itself, found another.",
        source,
        at,
      );
    }
    return toDatum(matchesPattern(text, parsed) !== negated);
  };
}

function compileCall({ name, operands, at }: Of<"call">, context: ExpressionContext): Evaluate {
  if (name === "TXID") return (frame) => new dom.String(frame.catalog.transactionId);
  if (name === "UTCNOW")
    return (frame) => frame.once(compileCall, () => new dom.Timestamp(frame.catalog.now()));
  const apply = SCALAR_FUNCTIONS[name];
  if (apply === undefined) {
    throw new PartiqlSemanticError(
      `Expected one of QLDB's functions, found ${name}.`,
      context.scope.source,
      at,
    );
  }
  const evaluate = operands.map((operand) => compileExpression(operand, context));
  return (frame) => apply(evaluate.map((operand) => operand(frame)));
}

function compileAggregate(
  expression: AggregateExpression,
  { aggregate, scope }: ExpressionContext,
): Evaluate {
  if (aggregate === undefined) {
    throw new PartiqlSemanticError(
      `Expected an aggregate only in the SELECT list, found ${expression.function} elsewhere.`,
      scope.source,
      expression.at,
    );
  }
  const index = aggregate(expression);
  return (frame) => frame.aggregates[index];
}

function compileStruct({ fields, at }: Of<"struct">, context: ExpressionContext): Evaluate {
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
    return makeStruct(present);
  };
}

/** The elements that a FROM item ranges over; NULL and MISSING have none, a single value is its own only element. */
export function rangeOver(datum: Datum): readonly Datum[] {
  if (isAbsent(datum)) return [];
  return elementsOf(datum) ?? [datum];
}
