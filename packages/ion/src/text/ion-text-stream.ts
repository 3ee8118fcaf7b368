// SPDX-License-Identifier: MIT
import { MAX_ION_DEPTH } from "../ion-errors";
import { IonScanner } from "../binary/ion-scanner";
import { IonWriter } from "../binary/ion-writer";
import { readSymbolTable } from "../binary/read-symbol-table";
import { SymbolTable } from "../binary/symbol-table";
import type { SharedSymbols } from "../binary/symbol-table";
import { Char, TextCursor } from "./text-cursor";
import { writeTextNumber } from "./text-number";
import { TypeCode } from "../binary/type-code";

const NO_SHARED_SYMBOLS: SharedSymbols = () => undefined;

const NULL_TYPES: ReadonlyMap<string, number> = new Map([
  ["null", TypeCode.NULL],
  ["bool", TypeCode.BOOL],
  ["int", TypeCode.INT],
  ["float", TypeCode.FLOAT],
  ["decimal", TypeCode.DECIMAL],
  ["timestamp", TypeCode.TIMESTAMP],
  ["symbol", TypeCode.SYMBOL],
  ["string", TypeCode.STRING],
  ["clob", TypeCode.CLOB],
  ["blob", TypeCode.BLOB],
  ["list", TypeCode.LIST],
  ["sexp", TypeCode.SEXP],
  ["struct", TypeCode.STRUCT],
]);

const KEYWORDS: ReadonlySet<string> = new Set(["null", "true", "false", "nan"]);
const SYMBOL_ID = /^\$\d+$/;
const VERSION_MARKER_TEXT = /^\$ion_\d+_\d+$/;
const OPERATOR = /[!#%&*+\-./;<=>?@^`|~]+/y;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** A symbol of Ion text: its text, and whether it was a bare word, which can be a keyword or a version marker. */
interface TextSymbol {
  readonly text: string | undefined;
  readonly bare: boolean;
}

/**
 * The top-level values of Ion text, one after the other, each as self-contained Ion binary.
 *
 * Version markers and symbol tables in the text are consumed on the way, as in {@link IonStream}.
 */
export class IonTextStream {
  readonly #cursor: TextCursor;
  readonly #writer = new IonWriter();
  readonly #shared: SharedSymbols;
  #symbols: SymbolTable;

  /**
   * @param options.symbols - the table that holds at the start; default: Ion's own.
   * @param options.shared - finds shared symbol tables that the text imports.
   */
  constructor(
    text: string,
    options: { readonly symbols?: SymbolTable; readonly shared?: SharedSymbols } = {},
  ) {
    this.#cursor = new TextCursor(text);
    this.#symbols = options.symbols ?? SymbolTable.system;
    this.#shared = options.shared ?? NO_SHARED_SYMBOLS;
  }

  /** The table that holds for what follows the last value returned. */
  get symbols(): SymbolTable {
    return this.#symbols;
  }

  /** The next value as binary, or `undefined` at the end. */
  next(): Uint8Array | undefined {
    for (;;) {
      this.#cursor.skipBlanks();
      if (Number.isNaN(this.#cursor.here)) return undefined;
      const kind = this.#value(0, false);
      if (kind === "value") return this.#writer.finish();
      if (kind === "symbol-table") this.#readSymbolTable();
      else this.#symbols = SymbolTable.system;
    }
  }

  *[Symbol.iterator](): IterableIterator<Uint8Array> {
    for (let value = this.next(); value !== undefined; value = this.next()) yield value;
  }

  #readSymbolTable(): void {
    // A copy: the symbols stay in these bytes, and the writer uses its own again.
    const bytes = Uint8Array.from(this.#writer.written());
    this.#writer.finish();
    const scanner = new IonScanner(bytes);
    scanner.header(0, bytes.length);
    scanner.unwrap();
    this.#symbols = readSymbolTable(bytes, scanner.body, scanner.end, this.#symbols, this.#shared);
  }

  /** Writes the value at the cursor; at the top level, says what stood there. */
  #value(depth: number, inSexp: boolean): "value" | "symbol-table" | "version-marker" {
    const annotations: (string | undefined)[] = [];
    let symbol = this.#symbolToken();
    while (symbol !== undefined && this.#isAnnotation(symbol)) {
      annotations.push(symbol.text);
      this.#cursor.skipBlanks();
      symbol = this.#symbolToken();
    }
    const isTop = depth === 0;
    if (annotations.length === 0) {
      if (isTop && symbol?.bare === true && VERSION_MARKER_TEXT.test(symbol.text ?? "")) {
        if (symbol.text !== "$ion_1_0") this.#cursor.fail("Ion 1.0 after the version marker");
        return "version-marker";
      }
      this.#bare(symbol, depth, inSexp);
      return "value";
    }
    const isStruct = this.#cursor.here === Char.OPEN_BRACE && this.#cursor.ahead(1) !== Char.OPEN_BRACE;
    this.#writer.openAnnotations(annotations);
    this.#bare(symbol, depth, inSexp);
    this.#writer.close();
    const isTable = isTop && isStruct && symbol === undefined && annotations[0] === "$ion_symbol_table";
    return isTable ? "symbol-table" : "value";
  }

  /** Whether `::` follows; then passes over it. */
  #isAnnotation(symbol: TextSymbol): boolean {
    const cursor: TextCursor = this.#cursor;
    const start = cursor.at;
    cursor.skipBlanks();
    if (cursor.here === Char.COLON && cursor.ahead(1) === Char.COLON) {
      if (symbol.bare && KEYWORDS.has(symbol.text ?? "")) cursor.fail("a quoted symbol as annotation");
      cursor.at += 2;
      return true;
    }
    cursor.at = start;
    return false;
  }

  /** Reads a symbol, quoted or bare, if one is here. */
  #symbolToken(): TextSymbol | undefined {
    const cursor: TextCursor = this.#cursor;
    const code = cursor.here;
    if (code === Char.QUOTE && !cursor.isLongQuote()) return { text: cursor.quoted(Char.QUOTE), bare: false };
    if (!isWordStart(code)) return undefined;
    const word = cursor.word();
    if (!SYMBOL_ID.test(word)) return { text: word, bare: true };
    return { text: this.#symbols.text(Number(word.slice(1))), bare: false };
  }

  #bare(symbol: TextSymbol | undefined, depth: number, inSexp: boolean): void {
    if (symbol?.bare === true) {
      this.#word(symbol.text ?? "");
    } else if (symbol !== undefined) {
      this.#writer.symbol(symbol.text);
    } else {
      this.#notSymbol(depth, inSexp);
    }
  }

  #word(word: string): void {
    const cursor: TextCursor = this.#cursor;
    if (word === "true" || word === "false") {
      this.#writer.bool(word === "true");
    } else if (word === "nan") {
      this.#writer.float(NaN);
    } else if (word === "null") {
      const type = cursor.take(0x2e) ? NULL_TYPES.get(cursor.word()) : TypeCode.NULL;
      if (type === undefined) cursor.fail("the name of a type after null");
      this.#writer.null(type);
    } else {
      this.#writer.symbol(word);
    }
  }

  #notSymbol(depth: number, inSexp: boolean): void {
    const cursor: TextCursor = this.#cursor;
    const code = cursor.here;
    const digit = code === Char.MINUS ? cursor.ahead(1) : code;
    if (digit >= Char.ZERO && digit <= Char.NINE) writeTextNumber(cursor, this.#writer);
    else if (code === Char.DOUBLE_QUOTE) this.#writer.string(cursor.quoted(Char.DOUBLE_QUOTE));
    else if (code === Char.QUOTE) this.#writer.string(cursor.longQuoted());
    else if (code === Char.OPEN_BRACE && cursor.ahead(1) === Char.OPEN_BRACE) this.#lob();
    else if (code === Char.OPEN_BRACE) this.#struct(depth);
    else if (code === Char.OPEN_BRACKET) this.#list(depth);
    else if (code === Char.OPEN_PAREN) this.#sexp(depth);
    else if (!this.#infinity() && !(inSexp && this.#operator())) cursor.fail("a value");
  }

  #infinity(): boolean {
    const cursor: TextCursor = this.#cursor;
    const sign = cursor.here;
    if ((sign !== Char.PLUS && sign !== Char.MINUS) || !cursor.text.startsWith("inf", cursor.at + 1))
      return false;
    if (isWordStart(cursor.ahead(4)) || (cursor.ahead(4) >= Char.ZERO && cursor.ahead(4) <= Char.NINE))
      return false;
    cursor.at += 4;
    this.#writer.float(sign === Char.PLUS ? Infinity : -Infinity);
    return true;
  }

  #operator(): boolean {
    OPERATOR.lastIndex = this.#cursor.at;
    const operator = OPERATOR.exec(this.#cursor.text)?.[0];
    if (operator === undefined) return false;
    this.#cursor.at += operator.length;
    this.#writer.symbol(operator);
    return true;
  }

  #lob(): void {
    const cursor: TextCursor = this.#cursor;
    cursor.at += 2;
    while (cursor.here <= Char.SPACE) cursor.at++;
    if (cursor.here === Char.DOUBLE_QUOTE || cursor.here === Char.QUOTE) {
      const isShort = cursor.here === Char.DOUBLE_QUOTE;
      const text = isShort ? cursor.quoted(Char.DOUBLE_QUOTE, true) : cursor.longQuoted(true);
      while (cursor.here <= Char.SPACE) cursor.at++;
      this.#writer.lob(TypeCode.CLOB, Buffer.from(text, "latin1"));
    } else {
      const end = cursor.text.indexOf("}}", cursor.at);
      const base64 = cursor.text.slice(cursor.at, end < 0 ? undefined : end).replace(/\s+/g, "");
      if (end < 0 || base64.length % 4 !== 0 || !BASE64.test(base64))
        cursor.fail("base64 and two closing braces");
      this.#writer.lob(TypeCode.BLOB, Buffer.from(base64, "base64"));
      cursor.at = end;
    }
    cursor.expect(Char.CLOSE_BRACE);
    cursor.expect(Char.CLOSE_BRACE);
  }

  #struct(depth: number): void {
    const cursor: TextCursor = this.#cursor;
    this.#descend(depth, TypeCode.STRUCT);
    while (!this.#closes(Char.CLOSE_BRACE)) {
      this.#writer.fieldName(this.#fieldName());
      cursor.skipBlanks();
      cursor.expect(Char.COLON);
      cursor.skipBlanks();
      this.#value(depth + 1, false);
      this.#separator(Char.CLOSE_BRACE);
    }
    this.#writer.close();
  }

  #fieldName(): string | undefined {
    const cursor: TextCursor = this.#cursor;
    if (cursor.here === Char.DOUBLE_QUOTE) return cursor.quoted(Char.DOUBLE_QUOTE);
    if (cursor.isLongQuote()) return cursor.longQuoted();
    const symbol = this.#symbolToken();
    if (symbol === undefined || (symbol.bare && KEYWORDS.has(symbol.text ?? ""))) cursor.fail("a field name");
    return symbol.text;
  }

  #list(depth: number): void {
    this.#descend(depth, TypeCode.LIST);
    while (!this.#closes(Char.CLOSE_BRACKET)) {
      this.#value(depth + 1, false);
      this.#separator(Char.CLOSE_BRACKET);
    }
    this.#writer.close();
  }

  #sexp(depth: number): void {
    this.#descend(depth, TypeCode.SEXP);
    while (!this.#closes(Char.CLOSE_PAREN)) this.#value(depth + 1, true);
    this.#writer.close();
  }

  /** Passes over blanks, and over the closing bracket if it is next. */
  #closes(close: number): boolean {
    this.#cursor.skipBlanks();
    return this.#cursor.take(close);
  }

  /** Passes over the opening bracket. */
  #descend(depth: number, code: number): void {
    if (depth >= MAX_ION_DEPTH) this.#cursor.fail(`containers nested at most ${MAX_ION_DEPTH} deep`);
    this.#cursor.at++;
    this.#writer.open(code);
  }

  /** A comma MUST stand between elements; one MAY stand after the last. */
  #separator(close: number): void {
    this.#cursor.skipBlanks();
    if (!this.#cursor.take(Char.COMMA) && this.#cursor.here !== close)
      this.#cursor.fail("a comma or the end of the container");
  }
}

function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === Char.DOLLAR;
}
