// SPDX-License-Identifier: MIT
import { malformed, UnexpectedIonTypeError } from "../ion-errors";
import { IonScanner } from "./ion-scanner";
import type { SymbolTable } from "./symbol-table";
import { NULL_NIBBLE, TypeCode, typeName } from "./type-code";
import type { IonTypeName } from "./type-code";
import { decodeUtf8 } from "./utf8";

/** One scanner serves all slices: none of them calls foreign code while it reads. */
const scanner = new IonScanner(new Uint8Array(0));

/**
 * One Ion value where it stands in binary: bytes, extent and the symbol table that holds there.
 *
 * A slice is a cursor: it finds fields and elements without building values, and it is what gets hashed. It shares
 * the bytes it was made from, which MUST NOT change. Reading a slice throws {@link MalformedIonError} where the
 * bytes are not Ion.
 */
export class IonSlice {
  readonly bytes: Uint8Array;
  /** Where the value begins, its annotations included, and where it ends. */
  readonly start: number;
  readonly end: number;
  readonly symbols: SymbolTable;
  /** The type code of the value inside the annotations, its length nibble, and where its representation begins. */
  readonly code: number;
  readonly low: number;
  readonly body: number;
  readonly #annotationsAt: number;
  readonly #annotationsEnd: number;

  constructor(bytes: Uint8Array, start: number, end: number, symbols: SymbolTable) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.symbols = symbols;
    scanner.on(bytes).header(start, end);
    if (scanner.code === TypeCode.ANNOTATION) {
      this.#annotationsAt = scanner.unwrap();
      this.#annotationsEnd = scanner.at;
    } else {
      this.#annotationsAt = this.#annotationsEnd = start;
    }
    if (scanner.end !== end || scanner.isPadding())
      throw malformed(`a value that ends at byte ${end}`, start);
    this.code = scanner.code;
    this.low = scanner.low;
    this.body = scanner.body;
  }

  /** How many bytes the value takes, its annotations included. */
  get length(): number {
    return this.end - this.start;
  }

  get type(): IonTypeName {
    return typeName(this.code);
  }

  get isNull(): boolean {
    return this.low === NULL_NIBBLE;
  }

  /** True if the value carries annotations. */
  get isAnnotated(): boolean {
    return this.#annotationsAt !== this.#annotationsEnd;
  }

  /** The annotations' texts, in order; `undefined` for one without text. */
  annotations(): (string | undefined)[] {
    const texts: (string | undefined)[] = [];
    scanner.on(this.bytes);
    for (let at = this.#annotationsAt; at < this.#annotationsEnd; at = scanner.at) {
      texts.push(this.symbols.text(scanner.varUInt(at, this.#annotationsEnd)));
    }
    return texts;
  }

  /** The struct's fields in the order in which they stand; `undefined` names a field whose symbol has no text. */
  fields(): [name: string | undefined, value: IonSlice][] {
    this.#require("a struct", this.code === TypeCode.STRUCT);
    const { bytes, end, symbols } = this;
    const fields: [string | undefined, IonSlice][] = [];
    for (let at = this.body; at < end;) {
      const sid = scanner.on(bytes).varUInt(at, end);
      const value = scanner.at;
      scanner.header(value, end);
      at = scanner.end;
      if (!scanner.isPadding()) fields.push([symbols.text(sid), new IonSlice(bytes, value, at, symbols)]);
    }
    return fields;
  }

  /** The last field of that name, or `undefined`; earlier ones of the same name are passed over. */
  field(name: string): IonSlice | undefined {
    this.#require("a struct", this.code === TypeCode.STRUCT);
    const { bytes, end, symbols } = this;
    let found: IonSlice | undefined;
    for (let at = this.body; at < end;) {
      const sid = scanner.on(bytes).varUInt(at, end);
      const value = scanner.at;
      scanner.header(value, end);
      at = scanner.end;
      if (!scanner.isPadding() && symbols.text(sid) === name) {
        found = new IonSlice(bytes, value, at, symbols);
      }
    }
    return found;
  }

  /** The elements of a list or S-expression. */
  elements(): IonSlice[] {
    this.#require("a list", this.code === TypeCode.LIST || this.code === TypeCode.SEXP);
    const { bytes, end, symbols } = this;
    const elements: IonSlice[] = [];
    for (let at = this.body; at < end;) {
      scanner.on(bytes).header(at, end);
      const value = at;
      at = scanner.end;
      if (!scanner.isPadding()) elements.push(new IonSlice(bytes, value, at, symbols));
    }
    return elements;
  }

  /** The element of a list or S-expression at an index, or `undefined`. */
  element(index: number): IonSlice | undefined {
    this.#require("a list", this.code === TypeCode.LIST || this.code === TypeCode.SEXP);
    const { bytes, end, symbols } = this;
    let left = index;
    for (let at = this.body; at < end;) {
      scanner.on(bytes).header(at, end);
      const value = at;
      at = scanner.end;
      if (!scanner.isPadding() && left-- === 0) return new IonSlice(bytes, value, at, symbols);
    }
    return undefined;
  }

  /** The text of a string or symbol. */
  stringValue(): string {
    if (this.code === TypeCode.SYMBOL && !this.isNull) {
      const text = this.symbols.text(this.symbolId());
      this.#require("a symbol with text", text !== undefined);
      return text ?? "";
    }
    this.#require("a string", this.code === TypeCode.STRING);
    return decodeUtf8(this.bytes, this.body, this.end);
  }

  /** The id of a symbol value. */
  symbolId(): number {
    this.#require("a symbol", this.code === TypeCode.SYMBOL);
    return scanner.on(this.bytes).uInt(this.body, this.end);
  }

  /** An integer no larger than JavaScript's safe integers. */
  intValue(): number {
    this.#require("an int", this.code === TypeCode.INT || this.code === TypeCode.NEGATIVE_INT);
    const magnitude = scanner.on(this.bytes).uInt(this.body, this.end);
    return this.code === TypeCode.INT ? magnitude : -magnitude;
  }

  /** The bytes of a blob or clob, as a view. */
  bytesValue(): Uint8Array {
    this.#require("a blob", this.code === TypeCode.BLOB || this.code === TypeCode.CLOB);
    return this.bytes.subarray(this.body, this.end);
  }

  #require(expected: string, holds: boolean): void {
    if (holds && !this.isNull) return;
    const found = this.isNull ? `null.${this.type}` : this.type;
    throw new UnexpectedIonTypeError(
      `Expected ${expected}, found ${found} at byte ${this.start}: read the value as what it is, or correct its source.`,
    );
  }
}
