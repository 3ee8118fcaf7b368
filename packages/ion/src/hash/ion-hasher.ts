// SPDX-License-Identifier: MIT
import type { Hash } from "./hash";
import { HashBuffer } from "./hash-buffer";
import { type FieldHashes, Sha256Fields } from "./field-hashes";
import { requireDepth } from "../ion-errors";
import { IonScanner } from "../binary/ion-scanner";
import { serializeDecimal, serializeFloat, serializeInt, serializeTimestamp } from "./serialize-number";
import type { IonSlice } from "../binary/ion-slice";
import type { SymbolTable } from "../binary/symbol-table";
import { NULL_NIBBLE, TypeCode } from "../binary/type-code";
import { requireUtf8 } from "../binary/utf8";
import type { Steps } from "../steps";

/** The qualifier of a symbol without text. */
const SYMBOL_ZERO = 0x71;

/** So many structs of a list may be documents that are inserted together. */
const STRUCTS_MAX = 1024;

/**
 * Ion Hash 1.0 straight from Ion binary: serializes a value into a scratch buffer and hashes that, without building
 * values. Binary that is valid but not minimal (padded numbers, 32-bit floats, sorted structs) hashes as what it means.
 *
 * Specification: <https://amazon-ion.github.io/ion-hash/docs/spec.html>.
 */
export class IonHasher {
  readonly #hashes: FieldHashes;
  readonly #scanner = new IonScanner(new Uint8Array(0));
  #symbols: SymbolTable | undefined;
  #structs: Map<number, Hash> | undefined;
  readonly #out = new HashBuffer();

  /** @param hashes - decide which hash it is. */
  constructor(hashes: FieldHashes = new Sha256Fields()) {
    this.#hashes = hashes;
  }

  /**
   * The hash of a value.
   *
   * @param structs - takes the hashes of the structs of a list, by where these begin; of a long list those of the first ones
   */
  hash(value: IonSlice, structs?: Map<number, Hash>): Hash {
    this.#hold(value, structs);
    try {
      this.#value(value.start, value.end, 0);
      return this.#hashes.hashOf(this.#out);
    } finally {
      this.#release();
    }
  }

  /** As {@link hash}, but yields after about so many bytes. Until its end the hasher MUST NOT hash another value. */
  *hashInSteps(value: IonSlice, bytesPerStep: number, structs?: Map<number, Hash>): Steps<Hash> {
    this.#hold(value, structs);
    yield* this.#valueInSteps(value.start, value.end, 0, bytesPerStep);
    return this.#hashes.hashOf(this.#out);
  }

  #hold({ bytes, symbols }: IonSlice, structs: Map<number, Hash> | undefined): void {
    this.#structs = structs;
    this.#scanner.on(bytes);
    this.#symbols = symbols;
    this.#out.length = 0;
  }

  /** Lets go of what a huge value needed and of the table it came with. */
  #release(): void {
    this.#symbols = undefined;
    this.#structs = undefined;
    this.#out.clear();
    this.#hashes.count = 0;
  }

  /** Serializes the value at `at`, which MUST NOT be padding, and returns where it ends. */
  #value(at: number, limit: number, depth: number): number {
    const scanner = this.#scanner;
    scanner.header(at, limit);
    if (scanner.code !== TypeCode.ANNOTATION) return this.#bare(depth);
    this.#annotations(limit);
    const end = this.#bare(depth);
    this.#out.end();
    return end;
  }

  /** Begins an annotated value, whose header the scanner holds; leaves the header of the value inside. */
  #annotations(limit: number): void {
    const scanner = this.#scanner;
    let annotation = scanner.unwrap();
    const value = scanner.at;
    this.#out.begin(0xe0);
    while (annotation < value) {
      const sid = scanner.varUInt(annotation, value);
      annotation = scanner.at;
      this.#symbol(sid);
    }
    scanner.header(value, limit);
  }

  /** As `#value`, in steps where the value is longer than one. */
  *#valueInSteps(at: number, limit: number, depth: number, bytes: number): Steps<number> {
    const scanner = this.#scanner;
    scanner.header(at, limit);
    if (scanner.end - at <= bytes) return this.#value(at, limit, depth);
    if (scanner.code !== TypeCode.ANNOTATION) return yield* this.#bareInSteps(depth, bytes);
    this.#annotations(limit);
    const end = yield* this.#bareInSteps(depth, bytes);
    this.#out.end();
    return end;
  }

  *#bareInSteps(depth: number, bytes: number): Steps<number> {
    const { code, low, body, end } = this.#scanner;
    if (low === NULL_NIBBLE || code < TypeCode.LIST) this.#bare(depth);
    else if (code === TypeCode.STRUCT) yield* this.#structInSteps(body, end, depth, bytes);
    else yield* this.#sequenceInSteps({ code, body, end }, depth, bytes);
    return end;
  }

  /** Serializes the value whose header the scanner holds. */
  #bare(depth: number): number {
    const { code, low, body, end } = this.#scanner;
    if (low === NULL_NIBBLE) {
      // A null int has no sign.
      this.#out.begin(((code === TypeCode.NEGATIVE_INT ? TypeCode.INT : code) << 4) | NULL_NIBBLE);
      this.#out.end();
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
    this.#out.begin(code === TypeCode.BOOL ? 0x10 | low : code << 4);
    switch (code) {
      case TypeCode.INT:
      case TypeCode.NEGATIVE_INT:
        serializeInt(this.#out, this.#scanner, code === TypeCode.NEGATIVE_INT);
        break;
      case TypeCode.FLOAT:
        serializeFloat(this.#out, this.#scanner);
        break;
      case TypeCode.DECIMAL:
        if (body < end) serializeDecimal(this.#out, this.#scanner);
        break;
      case TypeCode.TIMESTAMP:
        serializeTimestamp(this.#out, this.#scanner);
        break;
      case TypeCode.STRING:
        this.#text(this.#scanner.bytes, body, end);
        break;
      case TypeCode.CLOB:
      case TypeCode.BLOB:
        this.#out.bytes(this.#scanner.bytes, body, end);
        break;
      default: // bool: its qualifier says it all
    }
    this.#out.end();
  }

  #text(bytes: Uint8Array, start: number, end: number): void {
    if (this.#out.bytes(bytes, start, end) >= 0x80) requireUtf8(bytes, start, end);
  }

  #symbol(sid: number): void {
    const entry = this.#symbols?.entry(sid);
    if (entry?.source === undefined) {
      this.#out.begin(SYMBOL_ZERO);
    } else {
      this.#out.begin(TypeCode.SYMBOL << 4);
      this.#text(entry.source, entry.start, entry.end);
    }
    this.#out.end();
  }

  #sequence(code: number, body: number, end: number, depth: number): void {
    requireDepth(depth, body);
    this.#out.begin(code << 4);
    for (let at = body; at < end;) {
      at = this.#skipPadding(at, end);
      if (at === end) break;
      const start = at;
      const from = this.#out.length;
      at = this.#value(at, end, depth + 1);
      if (depth === 0) this.#keepStruct(start, from);
    }
    this.#out.end();
  }

  /** Keeps the hash of an element that begins at `at` and is serialized from `from` on, if it is wanted. */
  #keepStruct(at: number, from: number): void {
    if (this.#structs === undefined || this.#structs.size === STRUCTS_MAX) return;
    const isStruct = (this.#scanner.bytes[at] ?? 0) >> 4 === TypeCode.STRUCT;
    if (isStruct) this.#structs.set(at, this.#hashes.hashOf(this.#out, from));
  }

  *#sequenceInSteps(
    { code, body, end }: Readonly<Pick<IonScanner, "body" | "code" | "end">>,
    depth: number,
    bytes: number,
  ): Steps<void> {
    requireDepth(depth, body);
    this.#out.begin(code << 4);
    let from = body;
    for (let at = this.#skipPadding(body, end); at < end; at = this.#skipPadding(at, end)) {
      const start = at;
      const serialized = this.#out.length;
      at = this.#isLong(at, end, bytes)
        ? yield* this.#valueInSteps(at, end, depth + 1, bytes)
        : this.#value(at, end, depth + 1);
      if (depth === 0) this.#keepStruct(start, serialized);
      if (at - from <= bytes) continue;
      yield;
      from = at;
    }
    this.#out.end();
  }

  #isLong(at: number, limit: number, bytes: number): boolean {
    this.#scanner.header(at, limit);
    return this.#scanner.end - at > bytes;
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
    requireDepth(depth, body);
    const start = this.#out.length;
    const first = this.#hashes.count;
    for (let at = body; at < end;) {
      const value = this.#fieldName(at, end, start);
      if (value === undefined) {
        at = this.#scanner.end;
      } else {
        at = this.#value(value, end, depth + 1);
        this.#hashes.add(this.#out, start);
      }
    }
    this.#out.length = start;
    this.#out.begin(TypeCode.STRUCT << 4);
    this.#hashes.sortInto(this.#out, first);
    this.#out.end();
  }

  /** Serializes a field's name from `start` on, and returns where its value begins; for padding, leaves its header. */
  #fieldName(at: number, limit: number, start: number): number | undefined {
    const scanner = this.#scanner;
    const sid = scanner.varUInt(at, limit);
    const value = scanner.at;
    if (value < limit && (scanner.bytes[value] ?? 0) < NULL_NIBBLE) {
      scanner.header(value, limit);
      return undefined;
    }
    this.#out.length = start;
    this.#symbol(sid);
    return value;
  }

  *#structInSteps(body: number, end: number, depth: number, bytes: number): Steps<void> {
    requireDepth(depth, body);
    const start = this.#out.length;
    const first = this.#hashes.count;
    let from = body;
    for (let at = body; at < end;) {
      const value = this.#fieldName(at, end, start);
      if (value === undefined) {
        at = this.#scanner.end;
        continue;
      }
      at = this.#isLong(value, end, bytes)
        ? yield* this.#valueInSteps(value, end, depth + 1, bytes)
        : this.#value(value, end, depth + 1);
      this.#hashes.add(this.#out, start);
      if (at - from <= bytes) continue;
      yield;
      from = at;
    }
    this.#out.length = start;
    this.#out.begin(TypeCode.STRUCT << 4);
    yield* this.#hashes.sortInSteps(this.#out, first);
    this.#out.end();
  }
}
