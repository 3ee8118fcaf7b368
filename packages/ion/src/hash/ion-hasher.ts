// SPDX-License-Identifier: MIT
import type { Hash } from "./hash";
import { HashBuffer } from "./hash-buffer";
import { type FieldHashes, Sha256Fields } from "./field-hashes";
import { malformed, requireDepth } from "../ion-errors";
import { IonScanner } from "../binary/ion-scanner";
import { readInstant } from "../binary/timestamp-parts";
import type { IonSlice } from "../binary/ion-slice";
import type { SymbolTable } from "../binary/symbol-table";
import { NULL_NIBBLE, TypeCode } from "../binary/type-code";
import { requireUtf8 } from "../binary/utf8";
import type { Steps } from "../steps";

/** The qualifier of a symbol without text. */
const SYMBOL_ZERO = 0x71;

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
  readonly #out = new HashBuffer();

  /** @param hashes - decide which hash it is. */
  constructor(hashes: FieldHashes = new Sha256Fields()) {
    this.#hashes = hashes;
  }

  /** The hash of a value. */
  hash(value: IonSlice): Hash {
    this.#hold(value);
    try {
      this.#value(value.start, value.end, 0);
      return this.#hashes.hashOf(this.#out);
    } finally {
      this.#release();
    }
  }

  /** As {@link hash}, but yields after about so many bytes. Until its end the hasher MUST NOT hash another value. */
  *hashInSteps(value: IonSlice, bytesPerStep: number): Steps<Hash> {
    this.#hold(value);
    yield* this.#valueInSteps(value.start, value.end, 0, bytesPerStep);
    return this.#hashes.hashOf(this.#out);
  }

  #hold({ bytes, symbols }: IonSlice): void {
    this.#scanner.on(bytes);
    this.#symbols = symbols;
    this.#out.length = 0;
  }

  /** Lets go of what a huge value needed and of the table it came with. */
  #release(): void {
    this.#symbols = undefined;
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
        this.#out.bytes(this.#scanner.bytes, body, end);
        break;
      default: // bool: its qualifier says it all
    }
    this.#out.end();
  }

  #int(code: number, body: number, end: number): void {
    const { bytes } = this.#scanner;
    let first = body;
    while (first < end && bytes[first] === 0) first++;
    if (first === end && code === TypeCode.NEGATIVE_INT)
      throw malformed("an int that is not minus zero", body);
    this.#out.bytes(bytes, first, end);
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
    this.#out.bytes(new Uint8Array(canonical.buffer), 0, 8);
  }

  #decimal(body: number, end: number): void {
    const scanner = this.#scanner;
    const exponent = scanner.varInt(body, end);
    const coefficient = scanner.at;
    const { bytes } = scanner;
    const negative = coefficient < end && (bytes[coefficient] ?? 0) >= 0x80;
    const first = this.#skipSignedZeros(coefficient, end);
    if (first === end && !negative && exponent === 0) return;
    this.#out.varInt(exponent, false);
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
      if (negative) this.#out.byte(0x80);
      return;
    }
    const top = (bytes[first] ?? 0) & (first === from ? 0x7f : 0xff);
    if (top >= 0x80) this.#out.byte(negative ? 0x80 : 0);
    this.#out.byte(top < 0x80 && negative ? top | 0x80 : top);
    this.#out.bytes(bytes, first + 1, end);
  }

  #timestamp(body: number, end: number): void {
    const instant = readInstant(this.#scanner, body, end);
    this.#out.varInt(instant.offset ?? 0, instant.offset === undefined);
    for (const field of instant.fields) this.#out.varUInt(field);
    if (instant.fractionDigits === 0) return;
    this.#out.varInt(-instant.fractionDigits, false);
    const first = this.#skipSignedZeros(instant.coefficientAt, end);
    this.#signedInt(instant.coefficientAt, first, end, false);
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
      if (at < end) at = this.#value(at, end, depth + 1);
    }
    this.#out.end();
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
      at = this.#isLong(at, end, bytes)
        ? yield* this.#valueInSteps(at, end, depth + 1, bytes)
        : this.#value(at, end, depth + 1);
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
