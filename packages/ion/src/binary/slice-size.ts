// SPDX-License-Identifier: MIT
import { IonScanner } from "./ion-scanner";
import type { IonSlice } from "./ion-slice";
import type { SymbolTable } from "./symbol-table";
import { NULL_NIBBLE, TypeCode } from "./type-code";

/** By how much the id of a symbol, or the length of a container, may take more bytes behind another symbol table. */
const SYMBOL_GROWTH_BYTES = 3;
const LENGTH_GROWTH_BYTES = 5;

/**
 * An upper bound of the bytes that a copy of a value takes, in whatever stream.
 *
 * @param texts - is given the symbols that the copy needs, which are not part of the bound
 */
export function sliceSizeAtMost({ bytes, symbols, start, end }: IonSlice, texts: Set<string>): number {
  const walk = new SizeWalk(bytes, symbols, texts);
  walk.value(start, end);
  return end - start + walk.growth;
}

/** Walks one value's bytes. */
class SizeWalk {
  growth = 0;
  readonly #scanner: IonScanner;
  readonly #symbols: SymbolTable;
  readonly #texts: Set<string>;

  constructor(bytes: Uint8Array, symbols: SymbolTable, texts: Set<string>) {
    this.#scanner = new IonScanner(bytes);
    this.#symbols = symbols;
    this.#texts = texts;
  }

  value(start: number, end: number): void {
    this.#scanner.header(start, end);
    this.#bare();
  }

  /** Walks the value whose header the scanner holds. */
  #bare(): void {
    const scanner = this.#scanner;
    if (scanner.code === TypeCode.ANNOTATION) this.#annotations();
    const { code, low, body, end } = scanner;
    if (low === NULL_NIBBLE) return;
    if (code === TypeCode.SYMBOL) this.#symbol(scanner.uInt(body, end));
    else if (code === TypeCode.STRUCT) this.#fields(body, end);
    else if (code === TypeCode.LIST || code === TypeCode.SEXP) this.#elements(body, end);
  }

  /** Leaves the header of the annotated value in the scanner. */
  #annotations(): void {
    const scanner = this.#scanner;
    this.growth += LENGTH_GROWTH_BYTES;
    let annotation = scanner.unwrap();
    const value = scanner.at;
    while (annotation < value) {
      this.#symbol(scanner.varUInt(annotation, value));
      annotation = scanner.at;
    }
  }

  #symbol(sid: number): void {
    this.growth += SYMBOL_GROWTH_BYTES;
    const text = this.#symbols.text(sid);
    if (text !== undefined) this.#texts.add(text);
  }

  #fields(body: number, end: number): void {
    const scanner = this.#scanner;
    this.growth += LENGTH_GROWTH_BYTES;
    for (let at = body; at < end;) {
      const sid = scanner.varUInt(at, end);
      scanner.header(scanner.at, end);
      at = scanner.end;
      if (scanner.isPadding()) continue;
      this.#symbol(sid);
      this.#bare();
    }
  }

  #elements(body: number, end: number): void {
    const scanner = this.#scanner;
    this.growth += LENGTH_GROWTH_BYTES;
    for (let at = body; at < end;) {
      scanner.header(at, end);
      at = scanner.end;
      if (!scanner.isPadding()) this.#bare();
    }
  }
}
