// SPDX-License-Identifier: MIT
import { MAX_ION_DEPTH } from "../ion-errors";
import { IonScanner } from "../binary/ion-scanner";
import { IonWriter } from "../binary/ion-writer";
import { readSymbolTable } from "../binary/read-symbol-table";
import { SymbolTable } from "../binary/symbol-table";
import type { SharedSymbols } from "../binary/symbol-table";
import { writeTextLob } from "./ion-text-lob";
import { Char, END, TextCursor } from "./text-cursor";
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
const OPERATORS: ReadonlySet<number> = new Set(Buffer.from("!#%&*+-./;<=>?@^`|~"));
const INF = Buffer.from("inf");

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
  readonly #writer: IonWriter;
  readonly #shared: SharedSymbols;
  #symbols: SymbolTable;
  /** How the innermost container ends that is being read; 0 at the top level. */
  #closing = 0;
  /** The same of the containers around it, and whether each container is annotated. */
  readonly #closings: number[] = [];
  readonly #annotated: boolean[] = [];
  /** True if the top-level value that is being read is a symbol table. */
  #isTable = false;
  /** The thing before the cursor. */
  #found: "part" | "value" | "end" = "part";

  /**
   * @param options.symbols - the table that holds at the start; default: Ion's own.
   * @param options.shared - finds shared symbol tables that the text imports.
   * @param options.writer - an empty writer; default: a new one.
   * @throws MalformedIonError if bytes are not UTF-8; UnencodableValueError if a string holds half a surrogate pair.
   */
  constructor(
    text: Uint8Array | string,
    options: {
      readonly symbols?: SymbolTable;
      readonly shared?: SharedSymbols;
      readonly writer?: IonWriter;
    } = {},
  ) {
    this.#cursor = new TextCursor(text);
    this.#writer = options.writer ?? new IonWriter();
    this.#symbols = options.symbols ?? SymbolTable.system;
    this.#shared = options.shared ?? NO_SHARED_SYMBOLS;
  }

  /** The table that holds for what follows the last value returned. */
  get symbols(): SymbolTable {
    return this.#symbols;
  }

  /** The next value as binary, or `undefined` at the end. */
  next(): Uint8Array | undefined {
    this.readOn(Infinity);
    if (this.#found === "end") return undefined;
    this.#found = "part";
    return this.#writer.finish();
  }

  /**
   * Reads on for about so many bytes, and stops after the next value.
   *
   * @returns true if the value, or the text, has ended: {@link next} then has nothing left to read
   */
  readOn(bytes: number): boolean {
    const cursor: TextCursor = this.#cursor;
    const until = cursor.at + bytes;
    while (this.#found === "part") {
      if (cursor.at >= until) return false;
      cursor.skipBlanks();
      if (this.#closing !== 0) this.#element();
      else if (cursor.here === END) this.#found = "end";
      else this.#topLevel();
    }
    return true;
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

  #topLevel(): void {
    this.#isTable = false;
    const symbol = this.#symbolToken();
    if (symbol !== undefined && this.#isAnnotation(symbol)) {
      this.#annotatedValue(symbol);
    } else if (symbol?.bare === true && VERSION_MARKER_TEXT.test(symbol.text ?? "")) {
      if (symbol.text !== "$ion_1_0") this.#cursor.fail("Ion 1.0 after the version marker");
      this.#symbols = SymbolTable.system;
    } else {
      this.#value(symbol, false);
    }
  }

  /** Reads an element of the innermost container, or the container's end. */
  #element(): void {
    if (this.#cursor.take(this.#closing)) {
      this.#closing = this.#closings.pop() ?? 0;
      this.#writer.close();
      this.#ended(this.#annotated.pop() === true);
      return;
    }
    if (this.#closing === Char.CLOSE_BRACE) this.#field();
    const symbol = this.#symbolToken();
    if (symbol !== undefined && this.#isAnnotation(symbol)) this.#annotatedValue(symbol);
    else this.#value(symbol, false);
  }

  /** Reads what follows the first annotation of a value. */
  #annotatedValue({ text }: TextSymbol): void {
    const annotations = [text];
    this.#cursor.skipBlanks();
    let symbol = this.#symbolToken();
    while (symbol !== undefined && this.#isAnnotation(symbol)) {
      annotations.push(symbol.text);
      this.#cursor.skipBlanks();
      symbol = this.#symbolToken();
    }
    if (this.#closing === 0)
      this.#isTable = symbol === undefined && this.#opensStruct() && text === "$ion_symbol_table";
    this.#writer.openAnnotations(annotations);
    this.#value(symbol, true);
  }

  #opensStruct(): boolean {
    return this.#cursor.here === Char.OPEN_BRACE && this.#cursor.ahead(1) !== Char.OPEN_BRACE;
  }

  /** Writes the value at the cursor: all of a scalar, of a container where it begins. */
  #value(symbol: TextSymbol | undefined, isAnnotated: boolean): void {
    if (symbol === undefined && this.#opensContainer(isAnnotated)) return;
    this.#scalar(symbol);
    this.#ended(isAnnotated);
  }

  /** After a value: the end of its annotations, and what must follow it where it stands. */
  #ended(isAnnotated: boolean): void {
    if (isAnnotated) this.#writer.close();
    if (this.#closing !== 0) this.#separator(this.#closing);
    else if (this.#isTable) this.#readSymbolTable();
    else this.#found = "value";
  }

  /** True if `::` follows; then passes over it. */
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
    if (code !== Char.DOLLAR || !SYMBOL_ID.test(word)) return { text: word, bare: true };
    return { text: this.#symbols.text(Number(word.slice(1))), bare: false };
  }

  #scalar(symbol: TextSymbol | undefined): void {
    if (symbol?.bare === true) {
      this.#word(symbol.text ?? "");
    } else if (symbol !== undefined) {
      this.#writer.symbol(symbol.text);
    } else {
      this.#notSymbol();
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

  #notSymbol(): void {
    const cursor: TextCursor = this.#cursor;
    const code = cursor.here;
    const digit = code === Char.MINUS ? cursor.ahead(1) : code;
    if (digit >= Char.ZERO && digit <= Char.NINE) writeTextNumber(cursor, this.#writer);
    else if (code === Char.DOUBLE_QUOTE) this.#string();
    else if (code === Char.QUOTE) this.#writer.string(cursor.longQuoted());
    else if (code === Char.OPEN_BRACE) writeTextLob(cursor, this.#writer);
    else if (!this.#infinity() && !(this.#isInSexp() && this.#operator())) cursor.fail("a value");
  }

  #string(): void {
    const cursor: TextCursor = this.#cursor;
    if (cursor.plainQuoted(Char.DOUBLE_QUOTE))
      this.#writer.representation(TypeCode.STRING, 0, cursor.bytes, cursor.from, cursor.to);
    else this.#writer.string(cursor.quoted(Char.DOUBLE_QUOTE));
  }

  #infinity(): boolean {
    const cursor: TextCursor = this.#cursor;
    const sign = cursor.here;
    if (sign !== Char.PLUS && sign !== Char.MINUS) return false;
    if (!INF.every((code, i) => cursor.ahead(i + 1) === code)) return false;
    if (isWordStart(cursor.ahead(4)) || (cursor.ahead(4) >= Char.ZERO && cursor.ahead(4) <= Char.NINE))
      return false;
    cursor.at += 4;
    this.#writer.float(sign === Char.PLUS ? Infinity : -Infinity);
    return true;
  }

  #isInSexp(): boolean {
    return this.#closing === Char.CLOSE_PAREN;
  }

  #operator(): boolean {
    const cursor: TextCursor = this.#cursor;
    const start = cursor.at;
    while (OPERATORS.has(cursor.here)) cursor.at++;
    if (cursor.at === start) return false;
    this.#writer.symbol(cursor.latin1(start, cursor.at));
    return true;
  }

  /** Passes over the opening bracket of a container, if one is here. */
  #opensContainer(isAnnotated: boolean): boolean {
    const code = this.#cursor.here;
    if (code === Char.OPEN_BRACKET) this.#descend(TypeCode.LIST, Char.CLOSE_BRACKET);
    else if (code === Char.OPEN_PAREN) this.#descend(TypeCode.SEXP, Char.CLOSE_PAREN);
    else if (this.#opensStruct()) this.#descend(TypeCode.STRUCT, Char.CLOSE_BRACE);
    else return false;
    this.#annotated.push(isAnnotated);
    return true;
  }

  #descend(code: number, closing: number): void {
    if (this.#closings.length >= MAX_ION_DEPTH)
      this.#cursor.fail(`containers nested at most ${MAX_ION_DEPTH} deep`);
    this.#cursor.at++;
    this.#writer.open(code);
    this.#closings.push(this.#closing);
    this.#closing = closing;
  }

  /** Reads the name of the field whose value is next. */
  #field(): void {
    const cursor: TextCursor = this.#cursor;
    this.#writer.fieldName(this.#fieldName());
    cursor.skipBlanks();
    cursor.expect(Char.COLON);
    cursor.skipBlanks();
  }

  #fieldName(): string | undefined {
    const cursor: TextCursor = this.#cursor;
    if (cursor.here === Char.DOUBLE_QUOTE) return cursor.quoted(Char.DOUBLE_QUOTE);
    if (cursor.isLongQuote()) return cursor.longQuoted();
    const symbol = this.#symbolToken();
    if (symbol === undefined || (symbol.bare && KEYWORDS.has(symbol.text ?? ""))) cursor.fail("a field name");
    return symbol.text;
  }

  /** A comma MUST stand between elements, but not in S-expressions; one MAY stand after the last. */
  #separator(close: number): void {
    if (close === Char.CLOSE_PAREN) return;
    this.#cursor.skipBlanks();
    if (!this.#cursor.take(Char.COMMA) && this.#cursor.here !== close)
      this.#cursor.fail("a comma or the end of the container");
  }
}

function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === Char.DOLLAR;
}
