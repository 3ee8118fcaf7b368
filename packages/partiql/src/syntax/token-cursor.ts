// SPDX-License-Identifier: MIT
import { PartiqlSyntaxError, PartiqlUnsupportedError } from "../errors";
import { tokenize } from "./lexer";
import type { Token } from "./token";

/** How deep expressions may nest: deeper ones could exhaust the stack of parser and evaluator. */
export const NESTING_MAX = 200;

/** Keywords that continue a statement in SQL, but that QLDB did not support. */
const UNSUPPORTED_CLAUSES: Readonly<Record<string, string>> = {
  ORDER: "ORDER BY",
  GROUP: "GROUP BY",
  HAVING: "HAVING",
  LIMIT: "LIMIT",
  OFFSET: "OFFSET",
  UNION: "UNION",
  INTERSECT: "INTERSECT",
  EXCEPT: "EXCEPT",
  DISTINCT: "DISTINCT",
  PIVOT: "PIVOT",
  UNPIVOT: "UNPIVOT",
  CASE: "CASE",
  SELECT: "a subquery",
  LEFT: "an outer join",
  RIGHT: "an outer join",
  FULL: "an outer join",
  OUTER: "an outer join",
  NATURAL: "NATURAL JOIN",
  VALUES: "INSERT … VALUES",
  RETURNING: "RETURNING",
  LET: "LET",
};

/** Walks over a statement's tokens: what the parser looks through. */
export class TokenCursor {
  readonly source: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #nesting = 0;
  #parameterCount = 0;

  constructor(source: string) {
    this.source = source;
    this.#tokens = tokenize(source);
  }

  /** How many `?` have been read so far. */
  get parameterCount(): number {
    return this.#parameterCount;
  }

  /** The token `ahead` of the next one, without reading it. */
  peek(ahead = 0): Token {
    const last = this.#tokens.length - 1;
    const token = this.#tokens[Math.min(this.#next + ahead, last)];
    if (token === undefined) throw new RangeError("A token list always ends with a token of kind `end`.");
    return token;
  }

  /** Reads one token. */
  take(): Token {
    const token = this.peek();
    this.#next += 1;
    if (token.kind === "parameter") this.#parameterCount += 1;
    return token;
  }

  /** Whether the next token is this keyword or symbol. */
  isAt(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return (token.kind === "keyword" || token.kind === "symbol") && token.text === text;
  }

  /** Whether the next token is this word, which is not reserved, in any case of letters. */
  isAtWord(word: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "identifier" && token.text.toLowerCase() === word;
  }

  /** Reads the next token if it is one of these words, which are not reserved; returns it in upper case. */
  acceptWord(words: readonly string[]): string | undefined {
    const word = words.find((candidate) => this.isAtWord(candidate.toLowerCase()));
    if (word !== undefined) this.take();
    return word;
  }

  /** Reads the next token if it is this keyword or symbol. */
  accept(text: string): boolean {
    if (!this.isAt(text)) return false;
    this.take();
    return true;
  }

  /** Reads this keyword or symbol, or throws. */
  expect(text: string): Token {
    if (!this.isAt(text)) throw this.unexpected(text);
    return this.take();
  }

  /** Reads a name, quoted or not, or throws. */
  expectName(what: string): Token {
    if (!this.isAtName()) throw this.unexpected(what);
    return this.take();
  }

  /** Whether the next token is a name, quoted or not. */
  isAtName(): boolean {
    const { kind } = this.peek();
    return kind === "identifier" || kind === "quoted-identifier";
  }

  /** Reads the end of the statement, after at most one `;`. */
  expectEnd(): void {
    this.accept(";");
    if (this.peek().kind !== "end") throw this.unexpected("the end of the statement");
  }

  /** Runs `parse` one nesting level deeper. */
  nested<T>(parse: () => T): T {
    if (this.#nesting >= NESTING_MAX) {
      throw this.syntaxError(
        `Expected at most ${String(NESTING_MAX)} nested expressions, found more: pass values as parameters.`,
      );
    }
    this.#nesting += 1;
    const result = parse();
    this.#nesting -= 1;
    return result;
  }

  /** The error for a next token that does not fit. */
  unexpected(expected: string): PartiqlSyntaxError | PartiqlUnsupportedError {
    const token = this.peek();
    const clause =
      token.kind === "keyword" || token.kind === "identifier"
        ? UNSUPPORTED_CLAUSES[token.text.toUpperCase()]
        : undefined;
    if (clause !== undefined) return this.unsupported(clause);
    const hint =
      token.kind === "keyword" ? `: put the reserved word between double quotes if it is a name` : "";
    return this.syntaxError(`Expected ${expected}, found ${describe(token)}${hint}.`);
  }

  /** The error for what QLDB did not support either. */
  unsupported(what: string, at: number = this.peek().at): PartiqlUnsupportedError {
    return new PartiqlUnsupportedError(
      `Expected a statement that QLDB supports, found ${what}, which is unsupported, as in QLDB: rewrite the statement without it.`,
      this.source,
      at,
    );
  }

  /** The error for what QLDB supported and this ledger does not, yet. */
  notYetSupported(what: string, at: number = this.peek().at): PartiqlUnsupportedError {
    return new PartiqlUnsupportedError(
      `Expected a statement that this ledger supports, found ${what}, which QLDB had and this ledger does not have yet.`,
      this.source,
      at,
    );
  }

  syntaxError(message: string, at: number = this.peek().at): PartiqlSyntaxError {
    return new PartiqlSyntaxError(message, this.source, at);
  }
}

/** Names what was found; literals by kind only, because they may be document content. */
function describe(token: Token): string {
  switch (token.kind) {
    case "string":
      return "a string";
    case "ion":
      return "an Ion literal";
    case "integer":
    case "decimal":
      return "a number";
    case "end":
      return "the end of the statement";
    case "keyword":
    case "identifier":
    case "quoted-identifier":
    case "parameter":
    case "symbol":
      return token.text;
  }
}
