// SPDX-License-Identifier: MIT
import type { Token } from "./token";

/** PartiQL or SQL that this ledger refuses. */
export interface RefusedConstruct {
  readonly name: string;
  /**
   * `absent`: QLDB's guide shows that QLDB refused it, too. `unknown`: nothing we know says what QLDB did.
   */
  readonly inQldb: "absent" | "unknown";
  /** The remedy. Default: the statement without it. */
  readonly instead?: string;
}

/** Looks ahead of the next token; negative numbers look back. */
export type Peek = (ahead: number) => Token;

/** A construct with the tokens that tell it from a name. */
interface Pattern extends RefusedConstruct {
  readonly word: string;
  /** One of these stands after the word. Default: anything. */
  readonly next?: readonly string[];
  /** This stands before it. Default: anything. */
  readonly before?: string;
}

/** In `next`: any token that begins an expression. */
const EXPRESSION = "an expression";

const TO_ANY_SET = ["SELECT", "ALL", "DISTINCT", "("];

/** The remedy for what inserts a document or changes the one that is there. */
const UPDATE_OR_INSERT = "write an UPDATE, and INSERT in the same transaction if it changed nothing";

/**
 * Clauses that follow a complete part of a statement. Absent in QLDB are those that its guide's syntax of SELECT leaves
 * out: https://docs.aws.amazon.com/qldb/latest/developerguide/ql-reference.select.html
 */
const CLAUSES: readonly Pattern[] = [
  { word: "HAVING", next: [EXPRESSION], name: "HAVING", inQldb: "absent" },
  {
    word: "OUTER",
    next: ["JOIN"],
    name: "an OUTER JOIN without a side",
    inQldb: "absent",
    instead: "write LEFT, RIGHT or FULL before OUTER JOIN",
  },
  {
    word: "NATURAL",
    next: ["JOIN", "INNER", "LEFT", "RIGHT", "FULL"],
    name: "NATURAL JOIN",
    inQldb: "unknown",
  },
  { word: "OUTER", next: ["UNION", "INTERSECT", "EXCEPT"], name: "a union of queries", inQldb: "unknown" },
  { word: "UNION", next: TO_ANY_SET, name: "UNION", inQldb: "unknown" },
  { word: "INTERSECT", next: TO_ANY_SET, name: "INTERSECT", inQldb: "unknown" },
  { word: "EXCEPT", next: TO_ANY_SET, name: "EXCEPT", inQldb: "unknown" },
  {
    word: "VALUES",
    next: ["("],
    name: "INSERT … VALUES",
    inQldb: "unknown",
    instead: "write INSERT INTO T {'field': 1}, or a list of documents in << and >>",
  },
  {
    word: "ON",
    next: ["CONFLICT", "DUPLICATE"],
    name: "ON CONFLICT",
    inQldb: "unknown",
    instead: UPDATE_OR_INSERT,
  },
  {
    word: "IF",
    next: ["NOT", "EXISTS"],
    name: "IF EXISTS",
    inQldb: "unknown",
    instead: "look for the name in information_schema.user_tables first",
  },
  {
    word: "SET",
    next: [EXPRESSION],
    name: "another SET",
    inQldb: "unknown",
    instead: "write one SET, such as UPDATE T SET a = 1, b = 2",
  },
  { word: "LET", next: [EXPRESSION], name: "LET", inQldb: "unknown" },
  { word: "RETURNING", next: ["ALL", "MODIFIED"], name: "RETURNING", inQldb: "unknown" },
];

/** The constructs that begin where an expression, a source or a statement may begin. */
const BEGINNINGS: readonly Pattern[] = [
  { word: "PIVOT", next: [EXPRESSION], name: "PIVOT", inQldb: "unknown" },
  { word: "UNPIVOT", next: [EXPRESSION], name: "UNPIVOT", inQldb: "unknown" },
  { word: "VALUES", next: ["("], name: "VALUES", inQldb: "unknown" },
  { before: "=", word: "=", next: [EXPRESSION], name: "==", inQldb: "unknown", instead: "write =" },
];

/** Statements of SQL, by the word that they begin with. */
const STATEMENTS: readonly Pattern[] = [
  ...statements(
    "begin and end transactions with your driver, or with start, commit and abort in the shell",
    ...["BEGIN", "START", "COMMIT", "ROLLBACK", "ABORT"],
  ),
  ...statements(UPDATE_OR_INSERT, "MERGE", "REPLACE", "UPSERT"),
  ...statements("write SELECT * FROM information_schema.user_tables", "SHOW", "DESCRIBE", "DESC"),
  ...statements("name what a key may do with ledger-loader ledger add-key", "GRANT", "REVOKE"),
  ...statements("write documents with other fields, as a table has no columns", "ALTER"),
  ...statements("write DELETE FROM T", "TRUNCATE"),
  ...statements("write a nested SELECT in FROM, in parentheses and with an alias", "WITH"),
];

function statements(instead: string, ...words: readonly string[]): Pattern[] {
  return words.map((word) => ({ word, name: word, inQldb: "unknown", instead }));
}

/** Words that may stand for a name before a clause is recognised: `FROM Car LET x = 5`. */
const NAME_LIKE = ["LET", "RETURNING", "IF"];

/** Finds the clause that begins at the next token, or at the word before it that was taken for a name. */
export function findRefusedClause(peek: Peek): RefusedConstruct | undefined {
  const before = peek(-1);
  const wasName = before.kind === "identifier" && NAME_LIKE.includes(before.text.toUpperCase());
  return (
    findPattern(CLAUSES, peek) ?? (wasName ? findPattern(CLAUSES, (ahead) => peek(ahead - 1)) : undefined)
  );
}

/** Finds the construct that begins at the next token, where an expression may begin. */
export function findRefusedBeginning(peek: Peek): RefusedConstruct | undefined {
  return findPattern(BEGINNINGS, peek);
}

/** Finds the statement of SQL that begins at the next token, where a statement may begin. */
export function findRefusedStatement(peek: Peek): RefusedConstruct | undefined {
  return findPattern(STATEMENTS, peek);
}

function findPattern(patterns: readonly Pattern[], peek: Peek): RefusedConstruct | undefined {
  return patterns.find(
    ({ before, word, next }) =>
      isWord(peek(0), word) &&
      (before === undefined || isWord(peek(-1), before)) &&
      (next === undefined ||
        next.some((text) => (text === EXPRESSION ? beginsExpression(peek) : isWord(peek(1), text)))),
  );
}

/** True when the token after the next one begins an expression: a reserved word does so as a function or literal only. */
function beginsExpression(peek: Peek): boolean {
  const token = peek(1);
  switch (token.kind) {
    case "end":
      return false;
    case "keyword":
      return ["NOT", "NULL", "TRUE", "FALSE", "MISSING", "CASE"].includes(token.text) || isWord(peek(2), "(");
    case "symbol":
      return ["(", "[", "{", "<<", "@"].includes(token.text);
    case "identifier":
    case "quoted-identifier":
    case "string":
    case "ion":
    case "integer":
    case "decimal":
    case "parameter":
      return true;
  }
}

/** Strings and quoted names are no words. */
function isWord({ kind, text }: Token, word: string): boolean {
  return (kind === "keyword" || kind === "identifier" || kind === "symbol") && text.toUpperCase() === word;
}
