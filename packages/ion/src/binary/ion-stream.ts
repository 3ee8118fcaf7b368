// SPDX-License-Identifier: MIT
import { malformed } from "../ion-errors";
import { IonScanner } from "./ion-scanner";
import { IonSlice } from "./ion-slice";
import { readKnownTable } from "./known-tables";
import { readSymbolTable } from "./read-symbol-table";
import { SymbolTable, SYMBOL_TABLE_SID } from "./symbol-table";
import type { SharedSymbols } from "./symbol-table";
import { isVersionMarker, NULL_NIBBLE, TypeCode, VERSION_MARKER } from "./type-code";

/** Where a stream's first value begins: behind its version marker. */
const FIRST_VALUE = VERSION_MARKER.length;

const NO_SHARED_SYMBOLS: SharedSymbols = () => undefined;

/**
 * The top-level values of Ion binary, one after the other, with the symbol table that holds for each.
 *
 * Version markers, symbol tables and padding are consumed on the way. Only headers are looked at: a value's inside
 * is checked by whoever reads it.
 */
export class IonStream {
  /** The table that holds for the value after the last one returned. */
  symbols: SymbolTable;
  /** Where the last value returned, or the last thing consumed, ended. */
  position: number;

  readonly #bytes: Uint8Array;
  readonly #scanner: IonScanner;
  readonly #shared: SharedSymbols;

  /**
   * @param options.start - where to begin; default: the start of `bytes`.
   * @param options.symbols - the table that holds there; default: Ion's own.
   * @param options.shared - finds shared symbol tables that the stream imports.
   */
  constructor(
    bytes: Uint8Array,
    options: {
      readonly start?: number;
      readonly symbols?: SymbolTable;
      readonly shared?: SharedSymbols;
    } = {},
  ) {
    this.#bytes = bytes;
    this.#scanner = new IonScanner(bytes);
    this.#shared = options.shared ?? NO_SHARED_SYMBOLS;
    this.position = options.start ?? 0;
    this.symbols = options.symbols ?? SymbolTable.system;
  }

  /** The next value, or `undefined` at the end. */
  next(): IonSlice | undefined {
    const bytes = this.#bytes;
    const scanner = this.#scanner;
    while (this.position < bytes.length) {
      const start = this.position;
      if (bytes[start] === 0xe0) {
        if (!isVersionMarker(bytes, start)) throw malformed("the version marker of Ion 1.0", start);
        this.symbols = SymbolTable.system;
        this.position = start + 4;
        continue;
      }
      scanner.header(start, bytes.length);
      const end = scanner.end;
      if (scanner.code === TypeCode.ANNOTATION && this.#isSymbolTable()) {
        this.symbols = this.#readTable(start);
      } else if (!scanner.isPadding()) {
        this.position = end;
        return new IonSlice(bytes, start, end, this.symbols);
      }
      this.position = end;
    }
    return undefined;
  }

  /** Reads the symbol table that begins at a place and whose struct's header the scanner holds. */
  #readTable(start: number): SymbolTable {
    const bytes = this.#bytes;
    const { body, end } = this.#scanner;
    const read = (source: Uint8Array): SymbolTable =>
      readSymbolTable(source, body, end, this.symbols, this.#shared);
    // Another table, or shared ones, may give the same bytes another meaning.
    const isAlone = start === FIRST_VALUE && this.symbols === SymbolTable.system;
    return isAlone && this.#shared === NO_SHARED_SYMBOLS ? readKnownTable(bytes, end, read) : read(bytes);
  }

  /** True if the annotated value at hand is a symbol table; leaves the header of the value inside. */
  #isSymbolTable(): boolean {
    const scanner = this.#scanner;
    const annotations = scanner.unwrap();
    const value = scanner.at;
    if (scanner.code !== TypeCode.STRUCT || scanner.low === NULL_NIBBLE) return false;
    return scanner.varUInt(annotations, value) === SYMBOL_TABLE_SID;
  }

  *[Symbol.iterator](): IterableIterator<IonSlice> {
    for (let value = this.next(); value !== undefined; value = this.next()) yield value;
  }
}

/** The one value that self-contained Ion binary holds. Throws {@link MalformedIonError} for none or several. */
export function readSingleValue(bytes: Uint8Array, shared?: SharedSymbols): IonSlice {
  const stream = new IonStream(bytes, shared === undefined ? {} : { shared });
  const value = stream.next();
  if (value === undefined) throw malformed("one value, found none,", bytes.length);
  if (stream.next() !== undefined) throw malformed("one value, found another", value.end);
  return value;
}
