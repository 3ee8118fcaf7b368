// SPDX-License-Identifier: MIT
import type { Steps } from "@ledger-loader/ion";
import { PartiqlSyntaxError } from "../errors";
import { isReservedWord } from "./keywords";
import type { Token, TokenKind } from "./token";

/** QLDB's limit, in characters; https://docs.aws.amazon.com/qldb/latest/developerguide/limits.html */
const STATEMENT_LENGTH_MAX = 100_000;

/** Of two characters, and of one. */
const LONG_SYMBOLS: ReadonlySet<string> = new Set("<< >> <= >= <> != ||".split(" "));
const SHORT_SYMBOLS: ReadonlySet<string> = new Set("[ ] ( ) { } , . : ; = < > + - * / % @".split(" "));
const WORD = /[A-Za-z_$][A-Za-z0-9_$]*/y;
const NUMBER = /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;
const BLANK = /(?:\s+|--[^\n]*)+/y;

/** So many tokens are found at one go. */
const TOKENS_PER_STEP = 8192;

/**
 * Splits a statement into tokens, the last of which is `end`, a part of them at a time.
 *
 * Every character of the text belongs to exactly one token, blank or comment, so text inside quotes can never
 * become syntax.
 */
export function tokenizeInSteps(source: string): Steps<readonly Token[]> {
  if (source.length > STATEMENT_LENGTH_MAX) {
    throw new PartiqlSyntaxError(
      `Expected a statement of at most ${String(STATEMENT_LENGTH_MAX)} characters, found ${String(source.length)}: pass values as parameters.`,
    );
  }
  return new Lexer(source).tokens();
}

class Lexer {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  *tokens(): Steps<readonly Token[]> {
    const tokens: Token[] = [];
    for (;;) {
      this.#skipBlanks();
      const token = this.#next();
      tokens.push(token);
      if (token.kind === "end") return tokens;
      if (tokens.length % TOKENS_PER_STEP === 0) yield;
    }
  }

  #next(): Token {
    const at = this.#at;
    const first = this.#source[at];
    switch (first) {
      case undefined:
        return { kind: "end", text: "end of statement", at };
      case "'":
        return { kind: "string", text: this.#quoted("'", "string"), at };
      case '"':
        return { kind: "quoted-identifier", text: this.#quoted('"', "quoted name"), at };
      case "`":
        return { kind: "ion", text: this.#ionLiteral(), at };
      case "?":
        this.#at += 1;
        return { kind: "parameter", text: first, at };
      default:
        return this.#word() ?? this.#number() ?? this.#symbol();
    }
  }

  #skipBlanks(): void {
    for (;;) {
      this.#match(BLANK);
      if (!this.#source.startsWith("/*", this.#at)) return;
      const end = this.#source.indexOf("*/", this.#at + 2);
      if (end === -1) throw this.#unclosed("comment", "*/", this.#at);
      this.#at = end + 2;
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #word(): Token | undefined {
    const at = this.#at;
    const word = this.#match(WORD);
    if (word === undefined) return undefined;
    return isReservedWord(word)
      ? { kind: "keyword", text: word.toUpperCase(), at }
      : { kind: "identifier", text: word, at };
  }

  #number(): Token | undefined {
    const at = this.#at;
    const text = this.#match(NUMBER);
    if (text === undefined) return undefined;
    if (this.#match(WORD) !== undefined) {
      throw new PartiqlSyntaxError(
        "Expected a blank or an operator after a number, found a letter.",
        this.#source,
        this.#at - 1,
      );
    }
    if (/[eE][+-]?[0-9]{10}/.test(text)) {
      throw new PartiqlSyntaxError(
        "Expected an exponent of at most 9 digits, found a longer one.",
        this.#source,
        at,
      );
    }
    const kind: TokenKind = /^[0-9]+$/.test(text) ? "integer" : "decimal";
    return { kind, text, at };
  }

  #symbol(): Token {
    const at = this.#at;
    const two = this.#source.slice(at, at + 2);
    const text = LONG_SYMBOLS.has(two) ? two : two.charAt(0);
    if (text.length === 1 && !SHORT_SYMBOLS.has(text)) {
      const found = String.fromCodePoint(this.#source.codePointAt(at) ?? 0);
      throw new PartiqlSyntaxError(
        `Expected PartiQL, found the character ${JSON.stringify(found)}: put names with special characters between double quotes.`,
        this.#source,
        at,
      );
    }
    this.#at += text.length;
    return { kind: "symbol", text, at };
  }

  /** Reads up to the closing quote; a doubled quote stands for one. */
  #quoted(quote: "'" | '"', what: string): string {
    const start = this.#at;
    let text = "";
    for (let from = start + 1; ;) {
      const end = this.#source.indexOf(quote, from);
      if (end === -1) throw this.#unclosed(what, quote, start);
      text += this.#source.slice(from, end);
      if (this.#source[end + 1] !== quote) {
        this.#at = end + 1;
        return text;
      }
      text += quote;
      from = end + 2;
    }
  }

  /** Reads up to the closing backtick; backticks inside Ion strings, quoted symbols and comments do not close. */
  #ionLiteral(): string {
    const start = this.#at;
    let at = start + 1;
    for (;;) {
      const rest = this.#source.slice(at, at + 3);
      if (rest === "") throw this.#unclosed("Ion literal", "`", start);
      if (rest.startsWith("`")) break;
      if (rest === "'''") at = this.#endOfIonQuote("'''", at);
      else if (rest.startsWith("'") || rest.startsWith('"')) at = this.#endOfIonQuote(rest.charAt(0), at);
      else if (rest.startsWith("//")) at = this.#after("\n", at + 2, start);
      else if (rest.startsWith("/*")) at = this.#after("*/", at + 2, start);
      else at += 1;
    }
    this.#at = at + 1;
    return this.#source.slice(start + 1, at);
  }

  #endOfIonQuote(quote: string, start: number): number {
    for (let at = start + quote.length; at < this.#source.length; at += 1) {
      if (this.#source[at] === "\\") at += 1;
      else if (this.#source.startsWith(quote, at)) return at + quote.length;
    }
    throw this.#unclosed("Ion text", quote, start);
  }

  #after(end: string, from: number, start: number): number {
    const at = this.#source.indexOf(end, from);
    if (at === -1) throw this.#unclosed("Ion literal", "`", start);
    return at + end.length;
  }

  #unclosed(what: string, closing: string, start: number): PartiqlSyntaxError {
    return new PartiqlSyntaxError(
      `Expected ${closing} to close this ${what}, found the end of the statement.`,
      this.#source,
      start,
    );
  }
}
