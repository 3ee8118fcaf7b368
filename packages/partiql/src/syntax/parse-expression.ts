// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import type { ArithmeticOperator, ComparisonOperator, Expression, LogicalExpression, PathStep } from "./ast";
import { parseIonLiteral } from "./ion-literal";
import { isCaseStart, parseCase } from "./parse-case";
import { isFunctionStart, parseCall } from "./parse-call";
import { parseSubquery } from "./parse-query";
import { parseType } from "./parse-type";
import type { Token } from "./token";
import type { TokenCursor } from "./token-cursor";

/** How tightly operators bind; the order is that of PartiQL's reference implementation. */
const POWER = {
  or: 1,
  and: 2,
  not: 3,
  comparison: 4,
  concatenation: 5,
  sum: 6,
  product: 7,
  sign: 8,
} as const;

const ARITHMETIC: Readonly<
  Record<string, { readonly operator: ArithmeticOperator; readonly power: number }>
> = {
  "||": { operator: "||", power: POWER.concatenation },
  "+": { operator: "+", power: POWER.sum },
  "-": { operator: "-", power: POWER.sum },
  "*": { operator: "*", power: POWER.product },
  "/": { operator: "/", power: POWER.product },
  "%": { operator: "%", power: POWER.product },
};

const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = {
  "=": "=",
  "<>": "<>",
  "!=": "<>",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

/** Parses an expression whose operators all bind tighter than `power`. */
export function parseExpression(cursor: TokenCursor, power = 0): Expression {
  return cursor.nested(() => {
    let left = parsePrefix(cursor);
    for (;;) {
      const longer = parseInfix(cursor, left, power);
      if (longer === undefined) return left;
      left = longer;
    }
  });
}

/** Parses an expression without operators: a literal, a name, a call, with its path. */
export function parseOperand(cursor: TokenCursor): Expression {
  return cursor.nested(() => parsePath(cursor, parsePrimary(cursor)));
}

function parsePrefix(cursor: TokenCursor): Expression {
  const { at, text } = cursor.peek();
  if (cursor.accept("NOT")) {
    return { kind: "unary", operator: "NOT", operand: parseExpression(cursor, POWER.not - 1), at };
  }
  if (cursor.isAt("-") || cursor.isAt("+")) {
    cursor.take();
    return {
      kind: "unary",
      operator: text === "-" ? "-" : "+",
      operand: parseExpression(cursor, POWER.sign),
      at,
    };
  }
  return parsePath(cursor, parsePrimary(cursor));
}

/** Reads one operator and its right side, if it binds tighter than `power`. */
function parseInfix(cursor: TokenCursor, left: Expression, power: number): Expression | undefined {
  const token = cursor.peek();
  if (token.kind !== "symbol" && token.kind !== "keyword") return undefined;
  const { at, text } = token;
  if (text === "OR" && power < POWER.or) return parseChain(cursor, left, "OR", POWER.or);
  if (text === "AND" && power < POWER.and) return parseChain(cursor, left, "AND", POWER.and);
  const arithmetic = ARITHMETIC[text];
  if (arithmetic !== undefined && power < arithmetic.power) {
    cursor.take();
    const { operator } = arithmetic;
    return { kind: "arithmetic", operator, left, right: parseExpression(cursor, arithmetic.power), at };
  }
  if (power >= POWER.comparison) return undefined;
  const comparison = COMPARISONS[text];
  if (comparison !== undefined) {
    cursor.take();
    return {
      kind: "comparison",
      operator: comparison,
      left,
      right: parseExpression(cursor, POWER.comparison),
      at,
    };
  }
  return parsePredicate(cursor, left, at);
}

function parseChain(
  cursor: TokenCursor,
  first: Expression,
  operator: LogicalExpression["operator"],
  power: number,
): Expression {
  const operands = [first];
  while (cursor.accept(operator)) operands.push(parseExpression(cursor, power));
  return { kind: "logical", operator, operands, at: first.at };
}

/** IS, and IN, BETWEEN and LIKE, which NOT may precede. */
function parsePredicate(cursor: TokenCursor, operand: Expression, at: number): Expression | undefined {
  if (cursor.accept("IS")) {
    const negated = cursor.accept("NOT");
    return { kind: "is", negated, operand, type: parseType(cursor), at };
  }
  const negated = cursor.isAt("NOT");
  const ahead = negated ? 1 : 0;
  if (!cursor.isAt("IN", ahead) && !cursor.isAt("BETWEEN", ahead) && !cursor.isAt("LIKE", ahead))
    return undefined;
  if (negated) cursor.take();
  switch (cursor.take().text) {
    case "IN": {
      const scalarAllowed = cursor.isAt("(");
      return {
        kind: "in",
        negated,
        operand,
        collection: parseExpression(cursor, POWER.comparison),
        scalarAllowed,
        at,
      };
    }
    case "BETWEEN": {
      const low = parseExpression(cursor, POWER.comparison);
      cursor.expect("AND");
      return { kind: "between", negated, operand, low, high: parseExpression(cursor, POWER.comparison), at };
    }
    default: {
      const pattern = parseExpression(cursor, POWER.comparison);
      const escape = cursor.accept("ESCAPE") ? parseExpression(cursor, POWER.comparison) : undefined;
      return { kind: "like", negated, operand, pattern, escape, at };
    }
  }
}

function parsePath(cursor: TokenCursor, root: Expression): Expression {
  const steps: PathStep[] = [];
  for (;;) {
    const { at } = cursor.peek();
    if (cursor.isAt(".") && !cursor.isAt("*", 1)) {
      cursor.take();
      steps.push({ kind: "field", name: cursor.expectFieldName(), at });
    } else if (cursor.isAt("[")) {
      cursor.take();
      if (cursor.isAt("*")) throw cursor.refused({ name: "a path wildcard", inQldb: "unknown" });
      steps.push({ kind: "index", expression: parseExpression(cursor), at });
      cursor.expect("]");
    } else break;
  }
  return steps.length === 0 ? root : { kind: "path", root, steps, at: root.at };
}

function parsePrimary(cursor: TokenCursor): Expression {
  if (isFunctionStart(cursor)) return parseCall(cursor);
  const token = cursor.peek();
  const { at, text } = token;
  switch (token.kind) {
    case "identifier":
    case "quoted-identifier":
      cursor.take();
      return { kind: "name", name: text, at };
    case "parameter": {
      const index = cursor.parameterCount;
      cursor.take();
      return { kind: "parameter", index, at };
    }
    case "string":
      cursor.take();
      return { kind: "literal", value: new dom.String(text), at };
    case "integer":
    case "decimal":
      cursor.take();
      return { kind: "literal", value: numberLiteral(token), at };
    case "ion":
      return parseIon(cursor);
    case "keyword":
      return parseKeywordLiteral(cursor);
    case "symbol":
      return parseConstructor(cursor);
    case "end":
      throw cursor.unexpectedBeginning("an expression");
  }
}

function numberLiteral({ kind, text }: Token): dom.Value {
  if (kind === "decimal") return new dom.Decimal(text.replace(/e/i, "d").replace(/^\./, "0."));
  const value = Number(text);
  return new dom.Integer(Number.isSafeInteger(value) ? value : BigInt(text));
}

function parseIon(cursor: TokenCursor): Expression {
  const { at, text } = cursor.peek();
  const literal = parseIonLiteral(text);
  if ("problem" in literal) {
    throw cursor.syntaxError(`Expected one Ion value between backticks, found ${literal.problem}.`);
  }
  cursor.take();
  return { kind: "literal", value: literal.value, at };
}

function parseKeywordLiteral(cursor: TokenCursor): Expression {
  const { at } = cursor.peek();
  if (cursor.accept("NULL")) return { kind: "literal", value: new dom.Null(), at };
  if (cursor.accept("TRUE")) return { kind: "literal", value: new dom.Boolean(true), at };
  if (cursor.accept("FALSE")) return { kind: "literal", value: new dom.Boolean(false), at };
  if (cursor.accept("MISSING")) return { kind: "missing", at };
  if (isCaseStart(cursor)) return parseCase(cursor);
  throw cursor.unexpectedBeginning("an expression");
}

function parseConstructor(cursor: TokenCursor): Expression {
  const { at } = cursor.peek();
  if (cursor.accept("@"))
    return { kind: "name", name: cursor.expectName("an alias after @").text, isAlias: true, at };
  if (cursor.accept("(")) {
    if (cursor.isAt("SELECT")) return parseInParentheses(cursor, parseSubquery);
    const elements = parseElements(cursor, ")");
    const [only] = elements;
    if (only === undefined)
      throw cursor.syntaxError("Expected an expression between parentheses, found none.", at);
    return elements.length === 1 ? only : { kind: "collection", bag: false, elements, at };
  }
  if (cursor.accept("[")) return { kind: "collection", bag: false, elements: parseElements(cursor, "]"), at };
  if (cursor.accept("<<"))
    return { kind: "collection", bag: true, elements: parseElements(cursor, ">>"), at };
  if (cursor.accept("{")) return parseStruct(cursor, at);
  throw cursor.unexpectedBeginning("an expression");
}

function parseInParentheses(cursor: TokenCursor, parse: (cursor: TokenCursor) => Expression): Expression {
  const expression = parse(cursor);
  cursor.expect(")");
  return expression;
}

function parseElements(cursor: TokenCursor, closing: string): Expression[] {
  const elements: Expression[] = [];
  if (cursor.accept(closing)) return elements;
  do {
    elements.push(parseExpression(cursor));
  } while (cursor.accept(","));
  cursor.expect(closing);
  return elements;
}

function parseStruct(cursor: TokenCursor, at: number): Expression {
  const fields: { name: Expression; value: Expression }[] = [];
  if (cursor.accept("}")) return { kind: "struct", fields, at };
  do {
    const name = parseExpression(cursor);
    cursor.expect(":");
    fields.push({ name, value: parseExpression(cursor) });
  } while (cursor.accept(","));
  cursor.expect("}");
  return { kind: "struct", fields, at };
}
