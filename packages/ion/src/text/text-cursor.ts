// SPDX-License-Identifier: MIT
import { MalformedIonError } from "../ion-errors";
import { asBuffer, decodeName, decodeUtf8, encodeUtf8, requireUtf8 } from "../binary/utf8";

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

/** The code beyond the end of the text. */
export const END = -1;

/** Characters of a symbol without quotes. */
const WORD = Uint8Array.from({ length: 256 }, (_, code) =>
  Number(/[A-Za-z0-9_$]/.test(String.fromCharCode(code))),
);
/** Bytes that stand for themselves between quotes of either kind. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, code) => Number(isPlain(code)));

function isPlain(code: number): boolean {
  return code >= Char.SPACE && code !== Char.DOUBLE_QUOTE && code !== Char.QUOTE && code !== Char.BACKSLASH;
}

/**
 * Reads the characters of Ion text: blanks, comments, words and quoted text.
 *
 * It reads bytes, as text arrives as bytes and most of the text leaves as bytes: strings are copied, and not decoded.
 */
export class TextCursor {
  readonly bytes: Uint8Array;
  at = 0;
  /** Where the text stands that {@link plainQuoted} passed over. */
  from = 0;
  to = 0;

  constructor(text: Uint8Array | string) {
    if (typeof text === "string") {
      this.bytes = encodeUtf8(text);
    } else {
      requireUtf8(text, 0, text.length);
      this.bytes = text;
    }
  }

  /** The character's code here, or its first byte; {@link END} at the end. */
  get here(): number {
    return this.ahead(0);
  }

  /** The code or byte `distance` further on; {@link END} beyond the end. */
  ahead(distance: number): number {
    const at = this.at + distance;
    return at < this.bytes.length ? (this.bytes[at] ?? END) : END;
  }

  /** Passes over blanks and comments. */
  skipBlanks(): void {
    for (;;) {
      this.skipSpaces();
      if (this.here !== Char.SLASH) return;
      if (this.ahead(1) === Char.SLASH) this.#skipLine();
      else if (this.ahead(1) === Char.STAR) this.#skipComment();
      else return;
    }
  }

  #skipLine(): void {
    for (let code = this.here; code !== END && code !== Char.LF && code !== Char.CR; code = this.here)
      this.at++;
  }

  #skipComment(): void {
    const start = this.at;
    this.at += 2;
    while (this.here !== Char.STAR || this.ahead(1) !== Char.SLASH) {
      if (this.here === END) {
        this.at = start;
        this.fail("the end of a comment");
      }
      this.at++;
    }
    this.at += 2;
  }

  /** Passes over blanks alone. */
  skipSpaces(): void {
    const { bytes } = this;
    let { at } = this;
    for (; at < bytes.length; at++) {
      const code = bytes[at] ?? 0;
      if (code !== Char.SPACE && (code < Char.TAB || code > Char.CR)) break;
    }
    this.at = at;
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
    const { bytes, at: start } = this;
    let at = start;
    while (at < bytes.length && WORD[bytes[at] ?? 0] === 1) at++;
    this.at = at;
    return decodeName(bytes, start, at);
  }

  /** True if `'''` begins here. */
  isLongQuote(): boolean {
    return this.here === Char.QUOTE && this.ahead(1) === Char.QUOTE && this.ahead(2) === Char.QUOTE;
  }

  /**
   * Passes over what stands between two `quote` characters, the first of which is here, if that has no escapes: it then
   * stands from `from` to `to`. Otherwise stays here.
   */
  plainQuoted(quote: number): boolean {
    const { bytes } = this;
    for (let at = this.at + 1; at < bytes.length; at++) {
      const code = bytes[at] ?? 0;
      if (PLAIN[code] === 1) continue;
      if (code === quote) {
        this.from = this.at + 1;
        this.to = at;
        this.at = at + 1;
        return true;
      }
      if (code !== Char.QUOTE && code !== Char.DOUBLE_QUOTE) return false;
    }
    return false;
  }

  /**
   * Reads what stands between two `quote` characters, the first of which is here.
   *
   * @param lob - whether this is a clob: plain ASCII, and no escapes of code points.
   */
  quoted(quote: number, lob = false): string {
    if (!lob && this.plainQuoted(quote)) return decodeName(this.bytes, this.from, this.to);
    this.at++;
    let value = "";
    while (!this.take(quote)) value += this.#characters(quote, lob, false);
    return value;
  }

  /** Reads one `'''…'''` or several in a row, which are one text. */
  longQuoted(lob = false): string {
    let value = "";
    while (this.isLongQuote()) {
      this.at += 3;
      while (!this.isLongQuote()) value += this.#characters(Char.QUOTE, lob, true);
      this.at += 3;
      if (lob) this.skipSpaces();
      else this.skipBlanks();
    }
    return value;
  }

  /** Reads an escape, the end of a line, or what stands before the next of them or the next quote. */
  #characters(quote: number, lob: boolean, long: boolean): string {
    if (this.here === Char.BACKSLASH) return this.#escape(lob);
    const start = this.at;
    do {
      this.#requirePlain(this.here, lob, long);
      if (this.here === Char.CR) break;
      this.at++;
    } while (this.here !== quote && this.here !== Char.BACKSLASH);
    if (this.at > start) return decodeUtf8(this.bytes, start, this.at);
    // Line ends of long text are the same on every platform.
    this.at++;
    this.take(Char.LF);
    return "\n";
  }

  #requirePlain(code: number, lob: boolean, long: boolean): void {
    if (code === END) this.fail("a closing quote");
    const isBlank =
      code === Char.TAB || code === 11 || code === 12 || (long && (code === Char.LF || code === Char.CR));
    if (code < Char.SPACE && !isBlank) this.fail("an escape instead of a control character");
    if (lob && code > 0x7e) this.fail("ASCII in a clob");
  }

  #escape(lob: boolean): string {
    const letter = String.fromCharCode(this.ahead(1));
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
    const hex = this.latin1(this.at, this.at + digits);
    const code = parseInt(hex, 16);
    if (hex.length !== digits || !/^[0-9a-fA-F]*$/.test(hex) || code > 0x10ffff)
      this.fail("hexadecimal digits");
    this.at += digits;
    return letter === "U" ? String.fromCodePoint(code) : String.fromCharCode(code);
  }

  /** The bytes from `start` to `end`, a character for each. */
  latin1(start: number, end: number): string {
    return asBuffer(this.bytes).toString("latin1", start, end);
  }

  /** Throws {@link MalformedIonError}: `expected` is what should stand here. Never quotes the text: it may be private. */
  fail(expected: string): never {
    const before = asBuffer(this.bytes).toString("utf8", 0, this.at);
    const place = `${expected} at character ${before.length} (line ${before.split("\n").length})`;
    throw new MalformedIonError(
      place,
      `Expected ${place} of Ion text: correct the text, or read it again from its source.`,
    );
  }
}
