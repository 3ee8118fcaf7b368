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

/** A construct with the tokens that tell it from a name: `word` first, one of `next` after it. */
interface Pattern extends RefusedConstruct {
  readonly word: string;
  readonly next: readonly string[];
}

/** In `next`: any token that begins an expression. */
const EXPRESSION = "an expression";

const TO_ANY_SET = ["SELECT", "ALL", "DISTINCT", "("];

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
  { word: "VALUES", next: ["("], name: "INSERT … VALUES", inQldb: "unknown" },
  { word: "LET", next: [EXPRESSION], name: "LET", inQldb: "unknown" },
  { word: "RETURNING", next: ["ALL", "MODIFIED"], name: "RETURNING", inQldb: "unknown" },
];

/** The constructs that begin where an expression, a source or a statement may begin. */
const BEGINNINGS: readonly Pattern[] = [
  { word: "PIVOT", next: [EXPRESSION], name: "PIVOT", inQldb: "unknown" },
  { word: "UNPIVOT", next: [EXPRESSION], name: "UNPIVOT", inQldb: "unknown" },
  { word: "VALUES", next: ["("], name: "VALUES", inQldb: "unknown" },
];

/** Words that may stand for a name before a clause is recognised: `FROM Car LET x = 5`. */
const NAME_LIKE = ["LET", "RETURNING"];

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

function findPattern(patterns: readonly Pattern[], peek: Peek): RefusedConstruct | undefined {
  return patterns.find(
    ({ word, next }) =>
      isWord(peek(0), word) &&
      next.some((text) => (text === EXPRESSION ? beginsExpression(peek) : isWord(peek(1), text))),
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
