// SPDX-License-Identifier: MIT
import { IonWriter } from "../binary/ion-writer";
import { TypeCode } from "../binary/type-code";
import { MAX_NUMBER_DIGITS } from "../ion-errors";
import { Char } from "./text-cursor";

const STRING = /"[^"\\\p{Cc}]*(?:\\(?:["\\/bfnrt]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4})[^"\\\p{Cc}]*)*"/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?=[,}\] \t\r\n])/y;
const WORD = /(?:true|false|null)(?=[,}\] \t\r\n])/y;
const KEYWORDS: ReadonlySet<string> = new Set(["null", "true", "false", "nan"]);
const LONE_SURROGATE = /\p{Surrogate}/u;
const DEPTH_MAX = 64;
/** Ints of so many digits are exact as JavaScript's numbers. */
const SAFE_DIGITS = 15;
/** The first character beyond printable ASCII. */
const DELETE = 0x7f;

/** One writer serves all texts; it is empty again after each. */
let writer = new IonWriter();

/** Thrown, and caught here, where the text needs the full reader. */
const NOT_PLAIN = new Error("Expected nothing but structs, lists, strings, numbers, true, false and null.");

/**
 * Turns what most events are made of, in JSON and in Ion text, into Ion binary: structs, lists, strings, numbers without exponent,
 * `true`, `false` and `null`, at several times the speed of the full reader.
 *
 * @returns the top-level values, structs or lists, each as self-contained binary; `undefined` if there is anything else in the
 * text, sound or not.
 */
export function transcodePlainText(text: string): readonly Uint8Array[] | undefined {
  try {
    return new PlainTextReader(text, writer).readAll();
  } catch (error) {
    writer = new IonWriter();
    // A string with very many escapes fills the stack of the regular expression.
    if (error === NOT_PLAIN || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Reads by character codes: of a text of many short values, each call of a regular expression would be half the time. */
class PlainTextReader {
  readonly #text: string;
  readonly #writer: IonWriter;
  #at = 0;

  constructor(text: string, writer: IonWriter) {
    this.#text = text;
    this.#writer = writer;
  }

  readAll(): readonly Uint8Array[] {
    const values: Uint8Array[] = [];
    for (let next = this.#peek(); !Number.isNaN(next); next = this.#peek()) {
      if (next !== Char.OPEN_BRACE && next !== Char.OPEN_BRACKET) throw NOT_PLAIN;
      this.#value(0);
      values.push(this.#writer.finish());
    }
    return values;
  }

  #value(depth: number): void {
    if (depth > DEPTH_MAX) throw NOT_PLAIN;
    const next = this.#peek();
    if (next === Char.DOUBLE_QUOTE) this.#string();
    else if (next === Char.OPEN_BRACE) this.#struct(depth);
    else if (next === Char.OPEN_BRACKET) this.#list(depth);
    else if (next === Char.MINUS || isDigit(next)) this.#number();
    else this.#word();
  }

  #struct(depth: number): void {
    this.#at++;
    // The first brace of a blob's two is none of a struct.
    if (this.#text.charCodeAt(this.#at) === Char.OPEN_BRACE) throw NOT_PLAIN;
    this.#writer.open(TypeCode.STRUCT);
    for (let more = this.#peek() !== Char.CLOSE_BRACE; more; more = this.#hasMore(Char.CLOSE_BRACE)) {
      this.#writer.fieldName(this.#fieldName());
      this.#expect(Char.COLON);
      this.#value(depth + 1);
    }
    this.#at++;
    this.#writer.close();
  }

  #list(depth: number): void {
    this.#at++;
    this.#writer.open(TypeCode.LIST);
    for (let more = this.#peek() !== Char.CLOSE_BRACKET; more; more = this.#hasMore(Char.CLOSE_BRACKET))
      this.#value(depth + 1);
    this.#at++;
    this.#writer.close();
  }

  /** True if a comma follows, and not the end of the container; then passes over it. */
  #hasMore(closing: number): boolean {
    if (this.#peek() === closing) return false;
    this.#expect(Char.COMMA);
    return true;
  }

  #string(): void {
    const start = this.#at + 1;
    const end = this.#endOfAscii(start);
    if (end < 0) {
      this.#writer.string(this.#unescaped());
    } else {
      this.#writer.ascii(this.#text, start, end);
      this.#at = end + 1;
    }
  }

  #fieldName(): string {
    if (this.#peek() !== Char.DOUBLE_QUOTE) return this.#bareName();
    const start = this.#at + 1;
    const end = this.#endOfAscii(start);
    if (end < 0) return this.#unescaped();
    this.#at = end + 1;
    return this.#text.slice(start, end);
  }

  #bareName(): string {
    const start = this.#at;
    let end = start;
    while (isNameCharacter(this.#text.charCodeAt(end))) end++;
    const name = this.#text.slice(start, end);
    if (name === "" || isDigit(this.#text.charCodeAt(start)) || KEYWORDS.has(name)) throw NOT_PLAIN;
    this.#at = end;
    return name;
  }

  /** Where a string of printable ASCII without escapes ends that begins here; -1 for any other. */
  #endOfAscii(start: number): number {
    const text = this.#text;
    for (let at = start; ; at++) {
      const code = text.charCodeAt(at);
      if (code === Char.DOUBLE_QUOTE) return at;
      // Beyond the end of the text the code is not a number.
      if (code === Char.BACKSLASH || !(code >= Char.SPACE && code < DELETE)) return -1;
    }
  }

  #unescaped(): string {
    const token = this.#token(STRING);
    if (LONE_SURROGATE.test(token)) throw NOT_PLAIN;
    // What these escapes mean is the same in JSON and in Ion.
    return token.includes("\\") ? (JSON.parse(token) as string) : token.slice(1, -1);
  }

  #word(): void {
    const word = this.#token(WORD);
    if (word === "null") this.#writer.null(TypeCode.NULL);
    else this.#writer.bool(word === "true");
  }

  #number(): void {
    const text = this.#text;
    const isNegative = text.charCodeAt(this.#at) === Char.MINUS;
    const start = isNegative ? this.#at + 1 : this.#at;
    let at = start;
    let value = 0;
    for (let code = text.charCodeAt(at); isDigit(code); code = text.charCodeAt(++at))
      value = value * 10 + code - Char.ZERO;
    const digits = at - start;
    // A zero before other digits is no number, and one behind a minus sign no int.
    const isUsual = digits <= SAFE_DIGITS && (text.charCodeAt(start) !== Char.ZERO || at - this.#at === 1);
    if (!isUsual || digits === 0 || !isDelimiter(text.charCodeAt(at))) {
      this.#unusualNumber();
    } else {
      this.#writer.int(isNegative ? -value : value);
      this.#at = at;
    }
  }

  /** Writes a long int or a decimal. */
  #unusualNumber(): void {
    const token = this.#token(NUMBER);
    // The full reader says so.
    if (token.length > MAX_NUMBER_DIGITS || token === "-0") throw NOT_PLAIN;
    const [whole = "", fraction] = token.split(".");
    if (fraction === undefined) this.#writer.int(BigInt(token));
    else this.#writer.decimal(BigInt(whole + fraction), -fraction.length, token.startsWith("-"));
  }

  #token(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) throw NOT_PLAIN;
    const token = this.#text.slice(this.#at, pattern.lastIndex);
    this.#at = pattern.lastIndex;
    return token;
  }

  /** The next character that is no white space; not a number at the end. */
  #peek(): number {
    const text = this.#text;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (code !== Char.SPACE && code !== Char.LF && code !== Char.CR && code !== Char.TAB) return code;
      this.#at++;
    }
  }

  #expect(code: number): void {
    if (this.#peek() !== code) throw NOT_PLAIN;
    this.#at++;
  }
}

function isDigit(code: number): boolean {
  return code >= Char.ZERO && code <= Char.NINE;
}

function isNameCharacter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || isDigit(code);
}

/** True for what may follow a number: a comma, the end of a container or white space. */
function isDelimiter(code: number): boolean {
  return (
    code === Char.COMMA ||
    code === Char.CLOSE_BRACE ||
    code === Char.CLOSE_BRACKET ||
    code === Char.SPACE ||
    code === Char.LF ||
    code === Char.CR ||
    code === Char.TAB
  );
}
