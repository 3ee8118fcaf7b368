// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import type { AggregateFunction, Expression } from "./ast";
import { PartiqlSemanticError } from "../errors";
import { parseExpression } from "./parse-expression";
import { parseSubquery } from "./parse-query";
import { parseType } from "./parse-type";
import type { TokenCursor } from "./token-cursor";

const AGGREGATES: Readonly<Record<string, AggregateFunction>> = {
  AVG: "AVG",
  COUNT: "COUNT",
  MAX: "MAX",
  MIN: "MIN",
  SUM: "SUM",
};

/** The scalar functions of QLDB, and how many operands they take. */
const SCALAR_FUNCTIONS: Readonly<Record<string, { readonly min: number; readonly max: number }>> = {
  CHAR_LENGTH: { min: 1, max: 1 },
  CHARACTER_LENGTH: { min: 1, max: 1 },
  COALESCE: { min: 1, max: Infinity },
  EXISTS: { min: 1, max: 1 },
  LOWER: { min: 1, max: 1 },
  NULLIF: { min: 2, max: 2 },
  SIZE: { min: 1, max: 1 },
  TO_STRING: { min: 2, max: 2 },
  TO_TIMESTAMP: { min: 1, max: 2 },
  TXID: { min: 0, max: 0 },
  UPPER: { min: 1, max: 1 },
  UTCNOW: { min: 0, max: 0 },
};

/** The remedy for functions of SQL and of other databases, by name. */
const INSTEAD_OF: Readonly<Record<string, string>> = {
  CONCAT: "write a || b",
  CURRENT_TIMESTAMP: "write UTCNOW()",
  DATEADD: "write DATE_ADD(day, 1, a)",
  DATEDIFF: "write DATE_DIFF(day, a, b)",
  DATE_FORMAT: "write TO_STRING(a, 'yyyy-MM-dd')",
  GETDATE: "write UTCNOW()",
  IFNULL: "write COALESCE(a, b)",
  ISNULL: "write a IS NULL, or COALESCE(a, b)",
  LEN: "write CHAR_LENGTH(a)",
  LENGTH: "write CHAR_LENGTH(a)",
  NOW: "write UTCNOW()",
  NVL: "write COALESCE(a, b)",
  STR_TO_DATE: "write TO_TIMESTAMP(a, 'yyyy-MM-dd')",
  SUBSTR: "write SUBSTRING(a, 1, 2)",
  SYSDATE: "write UTCNOW()",
  TO_CHAR: "write TO_STRING(a, 'yyyy-MM-dd')",
  TO_DATE: "write TO_TIMESTAMP(a, 'yyyy-MM-dd')",
  VALUES: "write the documents themselves, INSERT INTO T {'field': 1}",
};

/** The units of DATE_ADD and DATE_DIFF; EXTRACT takes two more. */
const TIMESTAMP_PARTS = ["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"];
const EXTRACTABLE_PARTS = [...TIMESTAMP_PARTS, "TIMEZONE_HOUR", "TIMEZONE_MINUTE"];

/** Which end TRIM works on. */
const TRIM_MODES = ["LEADING", "TRAILING", "BOTH"];

/** True if a function call comes next. */
export function isFunctionStart(cursor: TokenCursor): boolean {
  const { kind } = cursor.peek();
  return (kind === "identifier" || kind === "keyword") && cursor.isAt("(", 1) && !isOperatorWord(cursor);
}

/** `IN (…)` and the like look like calls. */
function isOperatorWord(cursor: TokenCursor): boolean {
  const { text } = cursor.peek();
  return ["NOT", "AND", "OR", "IN", "VALUE", "CASE", "SELECT"].includes(text);
}

/** Parses one function call, special syntax included. */
export function parseCall(cursor: TokenCursor): Expression {
  const { at, text } = cursor.take();
  const name = text.toUpperCase();
  cursor.expect("(");
  const aggregate = AGGREGATES[name];
  if (aggregate !== undefined) return parseAggregate(cursor, aggregate, at);
  if (name === "CAST") return parseCast(cursor, at);
  if (name === "TRIM") return parseTrim(cursor, at);
  if (name === "SUBSTRING") return parseSubstring(cursor, at);
  if (name === "EXTRACT") return parseExtract(cursor, at);
  if (name === "DATE_ADD" || name === "DATE_DIFF") return parseDateFunction(cursor, name, at);
  const arity = SCALAR_FUNCTIONS[name];
  if (arity === undefined) {
    const instead = INSTEAD_OF[name] ?? "compute the value in your program, and pass it as a parameter";
    const message = `Expected one of QLDB's functions, found ${text}: ${instead}.`;
    throw new PartiqlSemanticError(message, cursor.source, at);
  }
  const operands = cursor.isAt(")") ? [] : parseOperands(cursor);
  cursor.expect(")");
  if (operands.length < arity.min || operands.length > arity.max) {
    throw new PartiqlSemanticError(
      `Expected another number of operands for ${name} than ${String(operands.length)}.`,
      cursor.source,
      at,
    );
  }
  return { kind: "call", name, operands, at };
}

/** A nested SELECT as the only operand needs no parentheses of its own: `EXISTS (SELECT …)`. */
function parseOperands(cursor: TokenCursor): Expression[] {
  if (cursor.isAt("SELECT")) return [parseSubquery(cursor)];
  const operands: Expression[] = [];
  do {
    operands.push(parseExpression(cursor));
  } while (cursor.accept(","));
  return operands;
}

function parseAggregate(cursor: TokenCursor, name: AggregateFunction, at: number): Expression {
  const distinct = cursor.isAt("DISTINCT") && !cursor.isAt(")", 1);
  if (distinct) cursor.take();
  if (name === "COUNT" && !distinct && cursor.accept("*")) {
    cursor.expect(")");
    return { kind: "aggregate", function: name, distinct, operand: undefined, at };
  }
  const operand = parseExpression(cursor);
  cursor.expect(")");
  return { kind: "aggregate", function: name, distinct, operand, at };
}

function parseCast(cursor: TokenCursor, at: number): Expression {
  const operand = parseExpression(cursor);
  cursor.expect("AS");
  const type = parseType(cursor);
  cursor.expect(")");
  return { kind: "cast", operand, type, at };
}

/** `TRIM([[LEADING | TRAILING | BOTH] [characters] FROM] text)` becomes TRIM(mode, text[, characters]). */
function parseTrim(cursor: TokenCursor, at: number): Expression {
  const mode = isTrimModeNext(cursor) ? cursor.acceptWord(TRIM_MODES) : undefined;
  let characters: Expression | undefined;
  let text: Expression | undefined;
  if (!cursor.isAt("FROM")) text = parseExpression(cursor);
  if (cursor.accept("FROM")) {
    characters = text;
    text = parseExpression(cursor);
  }
  if (text === undefined) throw cursor.unexpected("FROM");
  cursor.expect(")");
  const modeLiteral: Expression = { kind: "literal", value: new dom.String(mode ?? "BOTH"), at };
  const operands = characters === undefined ? [modeLiteral, text] : [modeLiteral, text, characters];
  return { kind: "call", name: "TRIM", operands, at };
}

/** A field may be called `leading`, too: then an operator or the end of the operand follows. */
function isTrimModeNext(cursor: TokenCursor): boolean {
  const { kind } = cursor.peek(1);
  if (kind === "keyword")
    return ["FROM", "NULL", "MISSING"].some((word) => cursor.isAt(word, 1)) || cursor.isAt("(", 2);
  return kind !== "symbol" || cursor.isAt("(", 1);
}

/** `SUBSTRING(text, start[, length])` or `SUBSTRING(text FROM start [FOR length])`. */
function parseSubstring(cursor: TokenCursor, at: number): Expression {
  const operands = [parseExpression(cursor)];
  const words = cursor.isAt("FROM") ? ["FROM", "FOR"] : [",", ","];
  const [first = ",", second = ","] = words;
  cursor.expect(first);
  operands.push(parseExpression(cursor));
  if (cursor.accept(second)) operands.push(parseExpression(cursor));
  cursor.expect(")");
  return { kind: "call", name: "SUBSTRING", operands, at };
}

/** `EXTRACT(part FROM timestamp)` becomes EXTRACT('PART', timestamp). */
function parseExtract(cursor: TokenCursor, at: number): Expression {
  const part = parsePart(cursor, EXTRACTABLE_PARTS);
  cursor.expect("FROM");
  const operands = [part, parseExpression(cursor)];
  cursor.expect(")");
  return { kind: "call", name: "EXTRACT", operands, at };
}

/** `DATE_ADD(part, quantity, timestamp)` and `DATE_DIFF(part, timestamp, timestamp)`. */
function parseDateFunction(cursor: TokenCursor, name: string, at: number): Expression {
  const operands = [parsePart(cursor, TIMESTAMP_PARTS)];
  for (let count = 0; count < 2; count += 1) {
    cursor.expect(",");
    operands.push(parseExpression(cursor));
  }
  cursor.expect(")");
  return { kind: "call", name, operands, at };
}

/** The name of a part of a timestamp, as a literal. */
function parsePart(cursor: TokenCursor, parts: readonly string[]): Expression {
  const { at } = cursor.peek();
  const part = cursor.acceptWord(parts);
  if (part === undefined) throw cursor.unexpected(`one of ${parts.join(", ").toLowerCase()}`);
  return { kind: "literal", value: new dom.String(part), at };
}
