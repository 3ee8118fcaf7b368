// SPDX-License-Identifier: MIT
import { isFieldNameAfterPoint } from "./keywords";
import { PartiqlSyntaxError, PartiqlUnsupportedError } from "../errors";
import { findRefusedBeginning, findRefusedClause, findRefusedStatement } from "./refused-construct";
import type { RefusedConstruct } from "./refused-construct";
import type { Token } from "./token";

/** How deep expressions may nest: deeper ones could exhaust the stack of parser and evaluator. */
export const NESTING_MAX = 200;

/** Walks over a statement's tokens: what the parser looks through. */
export class TokenCursor {
  readonly source: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #nesting = 0;
  #parameterCount = 0;

  constructor(source: string, tokens: readonly Token[]) {
    this.source = source;
    this.#tokens = tokens;
  }

  /** How many `?` have been read so far. */
  get parameterCount(): number {
    return this.#parameterCount;
  }

  /** The token `ahead` of the next one, without reading it; a negative number looks back. */
  peek(ahead = 0): Token {
    const last = this.#tokens.length - 1;
    const token = this.#tokens[Math.max(0, Math.min(this.#next + ahead, last))];
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

  /** True if the next token is this keyword or symbol. */
  isAt(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return (token.kind === "keyword" || token.kind === "symbol") && token.text === text;
  }

  /** True if the next token is this word, which is not reserved, in any case of letters. */
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
    if (!this.isAtName()) throw this.#notFound(what);
    return this.take();
  }

  /** Reads the name of a field after a point, or throws. */
  expectFieldName(): string {
    const { kind, at, text } = this.peek();
    if (kind !== "keyword" || !isFieldNameAfterPoint(text)) return this.expectName("a field name").text;
    this.take();
    return this.source.slice(at, at + text.length);
  }

  /** True if the next token is a name, quoted or not. */
  isAtName(): boolean {
    const { kind } = this.peek();
    return kind === "identifier" || kind === "quoted-identifier";
  }

  /** True if nothing but a `;` is left. */
  isAtEnd(): boolean {
    return this.peek().kind === "end" || this.isAt(";");
  }

  /** Reads the end of the statement, after at most one `;`. */
  expectEnd(): void {
    const several = this.accept(";") && this.peek().kind !== "end";
    if (several) {
      throw this.syntaxError(
        "Expected one statement, found another one after the semicolon: send one statement per call.",
      );
    }
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

  /** The error for a next token that does not fit after what was read: a clause that is refused, or no PartiQL. */
  unexpected(expected: string): PartiqlSyntaxError | PartiqlUnsupportedError {
    const clause = findRefusedClause((ahead) => this.peek(ahead));
    return clause === undefined ? this.#notFound(expected) : this.refused(clause);
  }

  /** The error for a next token with which no expression, source or statement begins. */
  unexpectedBeginning(expected: string): PartiqlSyntaxError | PartiqlUnsupportedError {
    if (this.isAt("SELECT")) {
      return this.syntaxError(
        `Expected ${expected}, found a nested SELECT without parentheses: put parentheses around the SELECT.`,
      );
    }
    const construct = findRefusedBeginning((ahead) => this.peek(ahead));
    return construct === undefined ? this.#notFound(expected) : this.refused(construct);
  }

  /** The error for a next token with which no statement begins. */
  unexpectedStatement(expected: string): PartiqlSyntaxError | PartiqlUnsupportedError {
    const statement = findRefusedStatement((ahead) => this.peek(ahead));
    return statement === undefined ? this.unexpectedBeginning(expected) : this.refused(statement);
  }

  #notFound(expected: string): PartiqlSyntaxError {
    return this.syntaxError(`Expected ${expected}, found ${this.#describeNext()}.`);
  }

  /** Names what was found; literals by kind only, because they may be document content. */
  #describeNext(): string {
    const token = this.peek();
    if (token.kind !== "keyword") return describe(token);
    const word = this.source.slice(token.at, token.at + token.text.length);
    return `the reserved word ${word}: write "${word}" between double quotes if it is a name`;
  }

  /** The error for PartiQL that this ledger refuses; it says what QLDB did, as far as that is known. */
  refused(construct: RefusedConstruct, at: number = this.peek().at): PartiqlUnsupportedError {
    const { name, inQldb, instead = "write the statement without it" } = construct;
    const here = inQldb === "absent" ? "here, as in QLDB" : "here";
    const message = `Found ${name}, which is not supported ${here}: ${instead}.`;
    return new PartiqlUnsupportedError(message, this.source, at);
  }

  syntaxError(message: string, at: number = this.peek().at): PartiqlSyntaxError {
    return new PartiqlSyntaxError(message, this.source, at);
  }
}

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
