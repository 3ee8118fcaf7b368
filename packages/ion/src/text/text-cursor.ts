// SPDX-License-Identifier: MIT
import { MalformedIonError } from "../ion-errors";

/** Character codes of Ion text. */
export const Char = {
  TAB: 9,
  LF: 10,
  CR: 13,
  SPACE: 32,
  DOUBLE_QUOTE: 34,
  DOLLAR: 36,
  QUOTE: 39,
  OPEN_PAREN: 40,
  CLOSE_PAREN: 41,
  STAR: 42,
  PLUS: 43,
  COMMA: 44,
  MINUS: 45,
  SLASH: 47,
  ZERO: 48,
  NINE: 57,
  COLON: 58,
  OPEN_BRACKET: 91,
  BACKSLASH: 92,
  CLOSE_BRACKET: 93,
  OPEN_BRACE: 123,
  CLOSE_BRACE: 125,
} as const;

/** Escapes of one letter, and what they stand for. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["0", "\0"],
  ["a", "\u0007"],
  ["b", "\b"],
  ["t", "\t"],
  ["n", "\n"],
  ["f", "\f"],
  ["r", "\r"],
  ["v", "\v"],
  ['"', '"'],
  ["'", "'"],
  ["?", "?"],
  ["\\", "\\"],
  ["/", "/"],
]);

/** Hexadecimal escapes, and how many digits each has. */
const HEX_ESCAPES: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

const WORD = /[A-Za-z0-9_$]*/y;

/** Reads the characters of Ion text: blanks, comments, words and quoted text. */
export class TextCursor {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The character code here; `NaN` at the end. */
  get here(): number {
    return this.text.charCodeAt(this.at);
  }

  /** The character code `distance` further on; `NaN` beyond the end. */
  ahead(distance: number): number {
    return this.text.charCodeAt(this.at + distance);
  }

  /** Passes over blanks and comments. */
  skipBlanks(): void {
    for (;;) {
      this.#skipSpaces();
      if (this.here !== Char.SLASH) return;
      if (this.ahead(1) === Char.SLASH) {
        this.#skipLine();
      } else if (this.ahead(1) === Char.STAR) {
        const end = this.text.indexOf("*/", this.at + 2);
        if (end < 0) this.fail("the end of a comment");
        this.at = end + 2;
      } else {
        return;
      }
    }
  }

  #skipLine(): void {
    for (let code = this.here; !Number.isNaN(code) && code !== Char.LF && code !== Char.CR; code = this.here)
      this.at++;
  }

  #skipSpaces(): void {
    for (let code = this.here; code === Char.SPACE || (code >= Char.TAB && code <= Char.CR); code = this.here)
      this.at++;
  }

  /** Passes over one character if it is `code`. */
  take(code: number): boolean {
    if (this.here !== code) return false;
    this.at++;
    return true;
  }

  /** Passes over one character, which MUST be `code`. */
  expect(code: number): void {
    if (!this.take(code)) this.fail(`"${String.fromCharCode(code)}"`);
  }

  /** Reads letters, digits, `_` and `$`, as many as there are. */
  word(): string {
    WORD.lastIndex = this.at;
    const word = WORD.exec(this.text)?.[0] ?? "";
    this.at += word.length;
    return word;
  }

  /** True if `'''` begins here. */
  isLongQuote(): boolean {
    return this.here === Char.QUOTE && this.ahead(1) === Char.QUOTE && this.ahead(2) === Char.QUOTE;
  }

  /**
   * Reads what stands between two `quote` characters, the first of which is here.
   *
   * @param lob - whether this is a clob: plain ASCII, and no escapes of code points.
   */
  quoted(quote: number, lob = false): string {
    const { text } = this;
    const start = ++this.at;
    for (let code = this.here; ; code = this.here) {
      if (code === quote) return text.slice(start, this.at++);
      if (code === Char.BACKSLASH) break;
      this.#requirePlain(code, lob, false);
      this.at++;
    }
    let value = text.slice(start, this.at);
    while (!this.take(quote)) value += this.#character(lob, false);
    return value;
  }

  /** Reads one `'''…'''` or several in a row, which are one text. */
  longQuoted(lob = false): string {
    let value = "";
    while (this.isLongQuote()) {
      this.at += 3;
      while (!this.isLongQuote()) value += this.#character(lob, true);
      this.at += 3;
      if (lob) this.#skipSpaces();
      else this.skipBlanks();
    }
    return value;
  }

  #character(lob: boolean, long: boolean): string {
    const code = this.here;
    if (code === Char.BACKSLASH) return this.#escape(lob);
    this.#requirePlain(code, lob, long);
    this.at++;
    // Line ends of long text are the same on every platform.
    if (code !== Char.CR) return String.fromCharCode(code);
    this.take(Char.LF);
    return "\n";
  }

  #requirePlain(code: number, lob: boolean, long: boolean): void {
    if (Number.isNaN(code)) this.fail("a closing quote");
    const isBlank =
      code === Char.TAB || code === 11 || code === 12 || (long && (code === Char.LF || code === Char.CR));
    if (code < Char.SPACE && !isBlank) this.fail("an escape instead of a control character");
    if (lob && code > 0x7e) this.fail("ASCII in a clob");
  }

  #escape(lob: boolean): string {
    const letter = this.text.charAt(this.at + 1);
    this.at += 2;
    const plain = ESCAPES.get(letter);
    if (plain !== undefined) return plain;
    if (letter === "\n") return "";
    if (letter === "\r") {
      this.take(Char.LF);
      return "";
    }
    const digits = HEX_ESCAPES.get(letter);
    if (digits === undefined || (lob && letter !== "x")) this.fail("an escape that Ion knows");
    const hex = this.text.slice(this.at, this.at + digits);
    const code = parseInt(hex, 16);
    if (hex.length !== digits || !/^[0-9a-fA-F]*$/.test(hex) || code > 0x10ffff)
      this.fail("hexadecimal digits");
    this.at += digits;
    return letter === "U" ? String.fromCodePoint(code) : String.fromCharCode(code);
  }

  /** Throws {@link MalformedIonError}: `expected` is what should stand here. Never quotes the text: it may be private. */
  fail(expected: string): never {
    const line = this.text.slice(0, this.at).split("\n").length;
    const place = `${expected} at character ${this.at} (line ${line})`;
    throw new MalformedIonError(
      place,
      `Expected ${place} of Ion text: correct the text, or read it again from its source.`,
    );
  }
}
