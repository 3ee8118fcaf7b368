// SPDX-License-Identifier: MIT
import type { TypeName } from "./ast";
import type { TokenCursor } from "./token-cursor";

/** Type names of IS and CAST, with PartiQL's synonyms. */
const TYPE_NAMES: Readonly<Record<string, TypeName>> = {
  NULL: "NULL",
  MISSING: "MISSING",
  BOOL: "BOOL",
  BOOLEAN: "BOOL",
  INT: "INT",
  INTEGER: "INT",
  SMALLINT: "INT",
  DECIMAL: "DECIMAL",
  DEC: "DECIMAL",
  NUMERIC: "DECIMAL",
  FLOAT: "FLOAT",
  REAL: "FLOAT",
  "DOUBLE PRECISION": "FLOAT",
  TIMESTAMP: "TIMESTAMP",
  STRING: "STRING",
  CHAR: "STRING",
  CHARACTER: "STRING",
  "CHARACTER VARYING": "STRING",
  VARCHAR: "STRING",
  SYMBOL: "SYMBOL",
  BLOB: "BLOB",
  CLOB: "CLOB",
  LIST: "LIST",
  SEXP: "SEXP",
  STRUCT: "STRUCT",
  TUPLE: "STRUCT",
  BAG: "BAG",
};

/** How many arguments a type may have: precision and scale, or a length. */
const ARGUMENTS_MAX: Readonly<Record<string, number>> = {
  DECIMAL: 2,
  DEC: 2,
  NUMERIC: 2,
  FLOAT: 1,
  CHAR: 1,
  CHARACTER: 1,
  "CHARACTER VARYING": 1,
  VARCHAR: 1,
};

/**
 * Parses a type, as in IS and CAST. Its arguments, such as those of `DECIMAL(10, 2)`, have no effect: that was the
 * behaviour of the reference implementation while QLDB was built on it (`TypedOpBehavior.LEGACY`).
 */
export function parseType(cursor: TokenCursor): TypeName {
  const name = nameOfType(cursor);
  const type = TYPE_NAMES[name];
  if (cursor.peek().kind !== "keyword" || type === undefined) throw cursor.unexpected("a type name");
  for (let words = name.split(" ").length; words > 0; words -= 1) cursor.take();
  const argumentsMax = ARGUMENTS_MAX[name] ?? 0;
  if (argumentsMax > 0 && cursor.accept("(")) skipArguments(cursor, argumentsMax);
  return type;
}

/** Two types have names of two words. */
function nameOfType(cursor: TokenCursor): string {
  const { text } = cursor.peek();
  const twoWords = `${text} ${cursor.peek(1).text}`;
  return cursor.peek(1).kind === "keyword" && Object.hasOwn(TYPE_NAMES, twoWords) ? twoWords : text;
}

function skipArguments(cursor: TokenCursor, argumentsMax: number): void {
  for (let count = 1; count <= argumentsMax; count += 1) {
    if (cursor.peek().kind !== "integer") throw cursor.unexpected("a whole number");
    cursor.take();
    if (count === argumentsMax || !cursor.accept(",")) break;
  }
  cursor.expect(")");
}
