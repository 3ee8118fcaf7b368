// SPDX-License-Identifier: MIT
import { sha256Latin1 } from "./hash";
import { MalformedIonError, MAX_ION_DEPTH, malformed } from "../ion-errors";
import { IonScanner } from "../binary/ion-scanner";
import { sortHashes } from "./sort-hashes";
import { readInstant } from "../binary/timestamp-parts";
import type { IonSlice } from "../binary/ion-slice";
import type { SymbolTable } from "../binary/symbol-table";
import { NULL_NIBBLE, TypeCode } from "../binary/type-code";
import { requireUtf8 } from "../binary/utf8";

/** The marks of Ion Hash around a value, and the byte that goes before a mark's value inside a representation. */
const BEGIN = 0x0b;
const END = 0x0e;
const ESCAPE = 0x0c;

/** The qualifier of a symbol without text. */
const SYMBOL_ZERO = 0x71;

/** Maps the serialized form of a value to its hash, one character per byte. */
export type DigestFunction = (bytes: Uint8Array) => string;

/**
 * Ion Hash 1.0 straight from Ion binary: serializes a value into a scratch buffer and hashes that, without building
 * values. Binary that is valid but not minimal (padded numbers, 32-bit floats, sorted structs) hashes as what it means.
 *
 * Specification: <https://amazon-ion.github.io/ion-hash/docs/spec.html>.
 */
export class IonHasher {
  readonly #digest: DigestFunction;
  readonly #scanner = new IonScanner(new Uint8Array(0));
  #symbols: SymbolTable | undefined;
  #out = new Uint8Array(1 << 16);
  #length = 0;

  constructor(digest: DigestFunction = sha256Latin1) {
    this.#digest = digest;
  }

  /** The hash of a value, one character per byte. */
  hash(value: IonSlice): string {
    this.#scanner.on(value.bytes);
    this.#symbols = value.symbols;
    this.#length = 0;
    try {
      this.#value(value.start, value.end, 0);
      return this.#digest(this.#view(0));
    } finally {
      this.#release();
    }
  }

  /** Lets go of what a huge value needed and of the table it came with. */
  #release(): void {
    this.#symbols = undefined;
    if (this.#out.length > 1 << 22) this.#out = new Uint8Array(1 << 16);
  }

  /** Serializes the value at `at`, which MUST NOT be padding, and returns where it ends. */
  #value(at: number, limit: number, depth: number): number {
    const scanner = this.#scanner;
    scanner.header(at, limit);
    if (scanner.code !== TypeCode.ANNOTATION) return this.#bare(depth);
    let annotation = scanner.unwrap();
    const value = scanner.at;
    this.#begin(0xe0);
    while (annotation < value) {
      const sid = scanner.varUInt(annotation, value);
      annotation = scanner.at;
      this.#symbol(sid);
    }
    scanner.header(value, limit);
    const end = this.#bare(depth);
    this.#end();
    return end;
  }

  /** Serializes the value whose header the scanner holds. */
  #bare(depth: number): number {
    const { code, low, body, end } = this.#scanner;
    if (low === NULL_NIBBLE) {
      // A null int has no sign.
      this.#begin(((code === TypeCode.NEGATIVE_INT ? TypeCode.INT : code) << 4) | NULL_NIBBLE);
      this.#end();
      return end;
    }
    switch (code) {
      case TypeCode.LIST:
      case TypeCode.SEXP:
        this.#sequence(code, body, end, depth);
        break;
      case TypeCode.STRUCT:
        this.#struct(body, end, depth);
        break;
      case TypeCode.SYMBOL:
        this.#symbol(this.#scanner.uInt(body, end));
        break;
      default:
        this.#scalar(code, low, body, end);
    }
    return end;
  }

  #scalar(code: number, low: number, body: number, end: number): void {
    this.#begin(code === TypeCode.BOOL ? 0x10 | low : code << 4);
    switch (code) {
      case TypeCode.INT:
      case TypeCode.NEGATIVE_INT:
        this.#int(code, body, end);
        break;
      case TypeCode.FLOAT:
        this.#float(body, end);
        break;
      case TypeCode.DECIMAL:
        if (body < end) this.#decimal(body, end);
        break;
      case TypeCode.TIMESTAMP:
        this.#timestamp(body, end);
        break;
      case TypeCode.STRING:
        this.#text(this.#scanner.bytes, body, end);
        break;
      case TypeCode.CLOB:
      case TypeCode.BLOB:
        this.#escaped(this.#scanner.bytes, body, end);
        break;
      default: // bool: its qualifier says it all
    }
    this.#end();
  }

  #int(code: number, body: number, end: number): void {
    const { bytes } = this.#scanner;
    let first = body;
    while (first < end && bytes[first] === 0) first++;
    if (first === end && code === TypeCode.NEGATIVE_INT)
      throw malformed("an int that is not minus zero", body);
    this.#escaped(bytes, first, end);
  }

  /** Floats hash as 64 bits, except zero, which has no representation; every NaN is the same value. */
  #float(body: number, end: number): void {
    if (body === end) return;
    const { bytes } = this.#scanner;
    const view = new DataView(bytes.buffer, bytes.byteOffset + body, end - body);
    const value = end - body === 4 ? view.getFloat32(0) : view.getFloat64(0);
    if (Object.is(value, 0)) return;
    const canonical = new DataView(new ArrayBuffer(8));
    canonical.setFloat64(0, Number.isNaN(value) ? NaN : value);
    this.#escaped(new Uint8Array(canonical.buffer), 0, 8);
  }

  #decimal(body: number, end: number): void {
    const scanner = this.#scanner;
    const exponent = scanner.varInt(body, end);
    const coefficient = scanner.at;
    const { bytes } = scanner;
    const negative = coefficient < end && (bytes[coefficient] ?? 0) >= 0x80;
    const first = this.#skipSignedZeros(coefficient, end);
    if (first === end && !negative && exponent === 0) return;
    this.#varInt(exponent, false);
    this.#signedInt(coefficient, first, end, negative);
  }

  /** Where a signed number's magnitude begins, its sign bit and leading zero bytes passed over. */
  #skipSignedZeros(from: number, end: number): number {
    const { bytes } = this.#scanner;
    let first = from;
    while (first < end && ((bytes[first] ?? 0) & (first === from ? 0x7f : 0xff)) === 0) first++;
    return first;
  }

  /** Writes the magnitude from `first` to `end` as the shortest signed number; plus zero takes no byte at all. */
  #signedInt(from: number, first: number, end: number, negative: boolean): void {
    const { bytes } = this.#scanner;
    if (first === end) {
      if (negative) this.#byte(0x80);
      return;
    }
    const top = (bytes[first] ?? 0) & (first === from ? 0x7f : 0xff);
    if (top >= 0x80) this.#byte(negative ? 0x80 : 0);
    this.#byte(top < 0x80 && negative ? top | 0x80 : top);
    this.#escaped(bytes, first + 1, end);
  }

  #timestamp(body: number, end: number): void {
    const instant = readInstant(this.#scanner, body, end);
    this.#varInt(instant.offset ?? 0, instant.offset === undefined);
    for (const field of instant.fields) this.#varUInt(field);
    if (instant.fractionDigits === 0) return;
    this.#varInt(-instant.fractionDigits, false);
    const first = this.#skipSignedZeros(instant.coefficientAt, end);
    this.#signedInt(instant.coefficientAt, first, end, false);
  }

  #symbol(sid: number): void {
    const entry = this.#symbols?.entry(sid);
    if (entry?.source === undefined) {
      this.#begin(SYMBOL_ZERO);
    } else {
      this.#begin(TypeCode.SYMBOL << 4);
      this.#text(entry.source, entry.start, entry.end);
    }
    this.#end();
  }

  #sequence(code: number, body: number, end: number, depth: number): void {
    this.#descend(depth, body);
    this.#begin(code << 4);
    for (let at = body; at < end;) {
      at = this.#skipPadding(at, end);
      if (at < end) at = this.#value(at, end, depth + 1);
    }
    this.#end();
  }

  #skipPadding(at: number, end: number): number {
    const { bytes } = this.#scanner;
    while (at < end && (bytes[at] ?? 0) < NULL_NIBBLE) {
      this.#scanner.header(at, end);
      at = this.#scanner.end;
    }
    return at;
  }

  /** A struct's fields are hashed one by one, and their hashes sorted: the order of fields has no meaning. */
  #struct(body: number, end: number, depth: number): void {
    this.#descend(depth, body);
    const scanner = this.#scanner;
    const start = this.#length;
    const hashes: string[] = [];
    for (let at = body; at < end;) {
      const sid = scanner.varUInt(at, end);
      const value = scanner.at;
      if (value < end && (scanner.bytes[value] ?? 0) < NULL_NIBBLE) {
        scanner.header(value, end);
        at = scanner.end;
        continue;
      }
      this.#length = start;
      this.#symbol(sid);
      at = this.#value(value, end, depth + 1);
      hashes.push(this.#digest(this.#view(start)));
    }
    this.#length = start;
    this.#begin(TypeCode.STRUCT << 4);
    for (const hash of sortHashes(hashes)) this.#escapedLatin1(hash);
    this.#end();
  }

  #descend(depth: number, at: number): void {
    if (depth < MAX_ION_DEPTH) return;
    throw new MalformedIonError(
      `containers nested at most ${MAX_ION_DEPTH} deep at byte ${at}`,
      `Expected containers nested at most ${MAX_ION_DEPTH} deep, found more at byte ${at}: flatten the value.`,
    );
  }

  #begin(qualifier: number): void {
    this.#reserve(4);
    this.#out[this.#length++] = BEGIN;
    this.#out[this.#length++] = qualifier;
  }

  #end(): void {
    this.#reserve(1);
    this.#out[this.#length++] = END;
  }

  #byte(byte: number): void {
    this.#reserve(2);
    if (byte === BEGIN || byte === END || byte === ESCAPE) this.#out[this.#length++] = ESCAPE;
    this.#out[this.#length++] = byte;
  }

  #text(bytes: Uint8Array, start: number, end: number): void {
    if (this.#escaped(bytes, start, end) >= 0x80) requireUtf8(bytes, start, end);
  }

  /** Appends bytes and returns all of them or-ed together, which tells whether they are ASCII. */
  #escaped(bytes: Uint8Array, start: number, end: number): number {
    this.#reserve(2 * (end - start));
    const out = this.#out;
    let length = this.#length;
    let all = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === BEGIN || byte === END || byte === ESCAPE) out[length++] = ESCAPE;
      out[length++] = byte;
      all |= byte;
    }
    this.#length = length;
    return all;
  }

  #escapedLatin1(text: string): void {
    this.#reserve(2 * text.length);
    const out = this.#out;
    let length = this.#length;
    for (let i = 0; i < text.length; i++) {
      const byte = text.charCodeAt(i);
      if (byte === BEGIN || byte === END || byte === ESCAPE) out[length++] = ESCAPE;
      out[length++] = byte;
    }
    this.#length = length;
  }

  #varUInt(value: number): void {
    if (value >= 128) this.#varUIntHigh(Math.floor(value / 128));
    this.#byte((value % 128) | 0x80);
  }

  #varUIntHigh(value: number): void {
    if (value >= 128) this.#varUIntHigh(Math.floor(value / 128));
    this.#byte(value % 128);
  }

  #varInt(value: number, minusZero: boolean): void {
    const sign = value < 0 || minusZero ? 0x40 : 0;
    const magnitude = Math.abs(value);
    if (magnitude < 64) {
      this.#byte(0x80 | sign | magnitude);
      return;
    }
    const groups: number[] = [];
    let rest = magnitude;
    for (; rest >= 64; rest = Math.floor(rest / 128)) groups.push(rest % 128);
    this.#byte(sign | rest);
    for (let i = groups.length - 1; i > 0; i--) this.#byte(groups[i] ?? 0);
    this.#byte(0x80 | (groups[0] ?? 0));
  }

  /** What has been serialized from `start` on, to be hashed before anything else is serialized. */
  #view(start: number): Uint8Array {
    return new Uint8Array(this.#out.buffer, start, this.#length - start);
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#out.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#out.length, this.#length + size));
    grown.set(this.#out.subarray(0, this.#length));
    this.#out = grown;
  }
}
