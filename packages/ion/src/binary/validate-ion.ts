// SPDX-License-Identifier: MIT
import { malformed, requireDepth } from "../ion-errors";
import { IonScanner } from "./ion-scanner";
import type { IonSlice } from "./ion-slice";
import type { SymbolTable } from "./symbol-table";
import { readInstant } from "./timestamp-parts";
import { NULL_NIBBLE, TypeCode } from "./type-code";
import { requireUtf8 } from "./utf8";
import { readLocalFields, readSymbolText, requireNumberLength } from "./value-rules";

/**
 * Checks a value where it stands in binary, without building it. What `decodeIon` refuses is refused with the same error, so
 * that decoding the value, or a part of it, later MUST NOT fail.
 *
 * @returns how many values it holds, containers included
 * @throws MalformedIonError, UnknownSymbolError
 */
export function validateIon({ bytes, symbols, start, end }: IonSlice): number {
  return new Validator(bytes, symbols).count(start, end);
}

/** Walks one value's bytes, and counts the values in it. */
class Validator {
  readonly #symbols: SymbolTable;
  readonly #scanner: IonScanner;
  #count = 0;

  constructor(bytes: Uint8Array, symbols: SymbolTable) {
    this.#symbols = symbols;
    this.#scanner = new IonScanner(bytes);
  }

  count(start: number, end: number): number {
    this.#scanner.header(start, end);
    this.#value(0);
    return this.#count;
  }

  /** Checks the value whose header the scanner holds. */
  #value(depth: number): void {
    const scanner = this.#scanner;
    this.#count += 1;
    if (scanner.code === TypeCode.ANNOTATION) this.#annotations();
    const { code, low, body, end } = scanner;
    if (low === NULL_NIBBLE) return;
    switch (code) {
      case TypeCode.STRUCT:
        requireDepth(depth, body);
        this.#fields(body, end, depth);
        break;
      case TypeCode.LIST:
      case TypeCode.SEXP:
        requireDepth(depth, body);
        this.#elements(body, end, depth);
        break;
      case TypeCode.STRING:
        requireUtf8(scanner.bytes, body, end);
        break;
      case TypeCode.SYMBOL:
        readSymbolText(this.#symbols, scanner.uInt(body, end));
        break;
      case TypeCode.CLOB:
      case TypeCode.BLOB:
      case TypeCode.BOOL:
        break;
      default:
        this.#number(code, body, end);
    }
  }

  /** Leaves the header of the annotated value in the scanner. */
  #annotations(): void {
    const scanner = this.#scanner;
    let annotation = scanner.unwrap();
    const value = scanner.at;
    while (annotation < value) {
      readSymbolText(this.#symbols, scanner.varUInt(annotation, value));
      annotation = scanner.at;
    }
  }

  #number(code: number, body: number, end: number): void {
    requireNumberLength(body, end);
    if (code === TypeCode.DECIMAL && body < end) this.#scanner.varInt(body, end);
    else if (code === TypeCode.TIMESTAMP) readLocalFields(readInstant(this.#scanner, body, end), body);
    else if (code === TypeCode.NEGATIVE_INT) this.#requireMagnitude(body, end);
  }

  #requireMagnitude(body: number, end: number): void {
    const { bytes } = this.#scanner;
    for (let at = body; at < end; at++) if (bytes[at] !== 0) return;
    throw malformed("an int that is not minus zero", body);
  }

  #fields(body: number, end: number, depth: number): void {
    const scanner = this.#scanner;
    for (let at = body; at < end;) {
      const sid = scanner.varUInt(at, end);
      scanner.header(scanner.at, end);
      at = scanner.end;
      if (scanner.isPadding()) continue;
      readSymbolText(this.#symbols, sid);
      this.#value(depth + 1);
    }
  }

  #elements(body: number, end: number, depth: number): void {
    const scanner = this.#scanner;
    for (let at = body; at < end;) {
      scanner.header(at, end);
      at = scanner.end;
      if (!scanner.isPadding()) this.#value(depth + 1);
    }
  }
}
