// SPDX-License-Identifier: MIT
import { UnencodableValueError } from "../ion-errors";
import { encodeKnownTable } from "./known-tables";
import { magnitudeBytes } from "./magnitude-bytes";
import { SYSTEM_SIDS } from "./symbol-table";
import { NULL_NIBBLE, TypeCode, VERSION_MARKER } from "./type-code";
import type { UtcTimestamp } from "./timestamp-parts";
import { requireUnicode } from "./utf8";
import {
  pushVarUInt,
  putSignedInt,
  putUInt,
  putVarInt,
  putVarUInt,
  uIntSize,
  varIntBytes,
  varUIntSize,
  withSignedInt,
} from "./variable-length";

/** Symbol ids below this one are Ion's own. */
const FIRST_LOCAL_SID = 10;

/** Up to so many bytes a loop is faster than a call into native code. */
const COPIED_BY_HAND = 32;

/** More bytes than a scalar takes whose magnitude fits a double. */
const SMALL_SCALAR = 64;

/**
 * Writes one Ion value as self-contained binary: version marker, local symbol table if symbols are used, value.
 *
 * The same calls always yield the same bytes: lengths and numbers are as short as possible, and symbol ids count up
 * from 10 in the order of first use.
 */
export class IonWriter {
  #out: Buffer = Buffer.allocUnsafe(1024);
  #length = 0;
  readonly #sids = new Map<string, number>();
  /** Where the containers and annotation wrappers begin that are still open. */
  readonly #open: number[] = [];

  /** A null of the type with that code. */
  null(code: number): void {
    this.#header1((code << 4) | NULL_NIBBLE);
  }

  bool(value: boolean): void {
    this.#header1((TypeCode.BOOL << 4) | (value ? 1 : 0));
  }

  int(value: number | bigint): void {
    if (typeof value === "number" && !Number.isSafeInteger(value)) value = requireInteger(value);
    const code = value < 0 ? TypeCode.NEGATIVE_INT : TypeCode.INT;
    if (typeof value === "bigint") {
      this.#value(code, value === 0n ? [] : magnitudeBytes(value < 0n ? -value : value));
      return;
    }
    this.#uInt(code, Math.abs(value));
  }

  /** An int without its sign, or the id of a symbol. */
  #uInt(code: number, value: number): void {
    const size = uIntSize(value);
    this.#reserve(size + 1);
    this.#out[this.#length] = (code << 4) | size;
    putUInt(this.#out, this.#length + 1, size, value);
    this.#length += size + 1;
  }

  float(value: number): void {
    this.#reserve(9);
    if (Object.is(value, 0)) {
      this.#out[this.#length++] = TypeCode.FLOAT << 4;
      return;
    }
    this.#out[this.#length++] = (TypeCode.FLOAT << 4) | 8;
    // One NaN for all: Ion knows no other.
    this.#length = this.#out.writeDoubleBE(Number.isNaN(value) ? NaN : value, this.#length);
  }

  /** @param negative - whether the sign is minus, which a zero coefficient cannot tell. */
  decimal(coefficient: bigint | number, exponent: number, negative: boolean): void {
    const magnitude = coefficient < 0 ? -coefficient : coefficient;
    if (typeof magnitude === "bigint") {
      this.#longDecimal(magnitude, exponent, negative);
      return;
    }
    const out = this.#reserve(SMALL_SCALAR);
    const isZero = magnitude === 0 && exponent === 0 && !negative;
    const body = this.#length + 1;
    const end = isZero ? body : putSignedInt(out, putVarInt(out, body, exponent, false), magnitude, negative);
    this.#smallScalar(TypeCode.DECIMAL, end);
  }

  #longDecimal(magnitude: bigint, exponent: number, negative: boolean): void {
    const isZero = magnitude === 0n && exponent === 0 && !negative;
    const bytes = isZero ? [] : withSignedInt(varIntBytes(exponent, false), magnitude, negative);
    this.#value(TypeCode.DECIMAL, bytes);
  }

  timestamp({ offset, fields, fractionDigits, fraction }: UtcTimestamp): void {
    if (typeof fraction === "bigint" && fraction > Number.MAX_SAFE_INTEGER) {
      this.#longTimestamp({ offset, fields, fractionDigits, fraction });
      return;
    }
    const out = this.#reserve(SMALL_SCALAR);
    let end = putVarInt(out, this.#length + 1, offset ?? 0, offset === undefined);
    for (const field of fields) end = putVarUInt(out, end, field);
    if (fractionDigits > 0)
      end = putSignedInt(out, putVarInt(out, end, -fractionDigits, false), Number(fraction), false);
    this.#smallScalar(TypeCode.TIMESTAMP, end);
  }

  #longTimestamp({ offset, fields, fractionDigits, fraction }: UtcTimestamp): void {
    const bytes = varIntBytes(offset ?? 0, offset === undefined);
    for (const field of fields) pushVarUInt(bytes, field);
    bytes.push(...varIntBytes(-fractionDigits, false));
    this.#value(TypeCode.TIMESTAMP, withSignedInt(bytes, BigInt(fraction), false));
  }

  /** Puts the header before a representation that begins one byte after the end of what is written, and ends at `end`. */
  #smallScalar(code: number, end: number): void {
    const start = this.#length;
    const length = end - start - 1;
    if (length < 14) {
      this.#out[start] = (code << 4) | length;
      this.#length = end;
      return;
    }
    this.#out.copyWithin(start + 2, start + 1, end);
    this.#out[start] = (code << 4) | 14;
    this.#out[start + 1] = 0x80 | length;
    this.#length = end + 1;
  }

  /** A symbol; without text it is `$0`. */
  symbol(text: string | undefined): void {
    this.#uInt(TypeCode.SYMBOL, this.#sid(text));
  }

  string(text: string): void {
    const units = text.length;
    this.#reserve(3 * units + 10);
    if (units < 48 && this.#shortAscii(text)) return;
    requireUnicode(text);
    const size = Buffer.byteLength(text);
    this.#header(TypeCode.STRING, size);
    this.#out.write(text, this.#length, size, "utf8");
    this.#length += size;
  }

  /** A string of ASCII that stands in `text`. */
  ascii(text: string, start: number, end: number): void {
    this.#reserve(end - start + 10);
    this.#header(TypeCode.STRING, end - start);
    const out = this.#out;
    const body = this.#length - start;
    for (let at = start; at < end; at++) out[body + at] = text.charCodeAt(at);
    this.#length += end - start;
  }

  /** A clob or blob. */
  lob(code: number, bytes: Uint8Array): void {
    this.#reserve(bytes.length + 10);
    this.#header(code, bytes.length);
    this.#copy(bytes, 0, bytes.length);
  }

  /** A scalar without symbols whose representation is at hand, byte for byte. */
  representation(code: number, low: number, bytes: Uint8Array, start: number, end: number): void {
    if (code === TypeCode.BOOL) {
      this.#header1((code << 4) | low);
      return;
    }
    this.#reserve(end - start + 10);
    this.#header(code, end - start);
    this.#copy(bytes, start, end);
  }

  /** Whole values without symbols, in their shortest form, byte for byte. */
  verbatim(bytes: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    this.#reserve(end - start);
    this.#copy(bytes, start, end);
  }

  /** Copies bytes for which room was reserved. */
  #copy(bytes: Uint8Array, start: number, end: number): void {
    if (end - start < COPIED_BY_HAND) {
      const out = this.#out;
      let length = this.#length;
      for (let at = start; at < end; at++) out[length++] = bytes[at] ?? 0;
    } else {
      this.#out.set(bytes.subarray(start, end), this.#length);
    }
    this.#length += end - start;
  }

  /** Names the field whose value is written next. */
  fieldName(text: string | undefined): void {
    this.#reserve(8);
    this.#length = putVarUInt(this.#out, this.#length, this.#sid(text));
  }

  /** Begins a list, S-expression or struct; {@link IonWriter.close} ends it. */
  open(code: number): void {
    this.#reserve(2);
    this.#open.push(this.#length);
    this.#out[this.#length] = code << 4;
    // Most containers have a length of one byte, so that closing them moves nothing.
    this.#length += 2;
  }

  /** Begins an annotated value: one value MUST follow, then {@link IonWriter.close}. */
  openAnnotations(annotations: readonly (string | undefined)[]): void {
    this.open(TypeCode.ANNOTATION);
    const sids: number[] = [];
    for (const annotation of annotations) pushVarUInt(sids, this.#sid(annotation));
    this.#reserve(sids.length + 8);
    this.#length = putVarUInt(this.#out, this.#length, sids.length);
    for (const byte of sids) this.#out[this.#length++] = byte;
  }

  close(): void {
    const start = this.#open.pop();
    if (start === undefined)
      throw new UnencodableValueError("Expected an open container, found none: open it first.");
    const length = this.#length - start - 2;
    const size = length < 14 ? 0 : varUIntSize(length);
    if (size !== 1) {
      this.#reserve(size);
      this.#out.copyWithin(start + 1 + size, start + 2, this.#length);
      this.#length += size - 1;
    }
    const code = this.#out[start] ?? 0;
    this.#out[start] = code | (size === 0 ? length : 14);
    if (size > 0) putVarUInt(this.#out, start + 1, length);
  }

  /** The bytes of everything written, with its symbol table; the writer is then empty and can be used again. */
  finish(): Uint8Array {
    if (this.#open.length > 0) {
      throw new UnencodableValueError(
        `Expected no open container, found ${this.#open.length}: close them first.`,
      );
    }
    const body = this.#out.subarray(0, this.#length);
    const table = this.#sids.size === 0 ? undefined : encodeKnownTable([...this.#sids.keys()], symbolTable);
    const head = VERSION_MARKER.length + (table?.length ?? 0);
    const bytes = new Uint8Array(head + body.length);
    bytes.set(VERSION_MARKER, 0);
    if (table !== undefined) bytes.set(table, VERSION_MARKER.length);
    bytes.set(body, head);
    this.clear();
    return bytes;
  }

  /** Drops all that was written, and lets go of what a huge value needed. */
  clear(): void {
    this.#length = 0;
    this.#open.length = 0;
    this.#sids.clear();
    if (this.#out.length > 1 << 22) this.#out = Buffer.allocUnsafe(1024);
  }

  /** The bytes so far, without marker and symbol table. */
  written(): Uint8Array {
    return this.#out.subarray(0, this.#length);
  }

  #sid(text: string | undefined): number {
    if (text === undefined) return 0;
    const known = this.#sids.get(text) ?? SYSTEM_SIDS.get(text);
    if (known !== undefined) return known;
    const sid = FIRST_LOCAL_SID + this.#sids.size;
    this.#sids.set(text, sid);
    return sid;
  }

  /** A call into native code costs more than a few characters do here. */
  #shortAscii(text: string): boolean {
    const out = this.#out;
    const units = text.length;
    const body = this.#length + (units < 14 ? 1 : 2);
    for (let i = 0; i < units; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) return false;
      out[body + i] = unit;
    }
    this.#header(TypeCode.STRING, units);
    this.#length += units;
    return true;
  }

  #value(code: number, bytes: readonly number[] | Uint8Array): void {
    this.#reserve(bytes.length + 10);
    this.#header(code, bytes.length);
    this.#out.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #header1(byte: number): void {
    this.#reserve(1);
    this.#out[this.#length++] = byte;
  }

  /** Writes a header for which room was reserved. */
  #header(code: number, length: number): void {
    if (length < 14) {
      this.#out[this.#length++] = (code << 4) | length;
    } else {
      this.#out[this.#length++] = (code << 4) | 14;
      this.#length = putVarUInt(this.#out, this.#length, length);
    }
  }

  #reserve(size: number): Buffer {
    if (this.#length + size <= this.#out.length) return this.#out;
    const grown = Buffer.allocUnsafe(Math.max(2 * this.#out.length, this.#length + size));
    grown.set(this.#out.subarray(0, this.#length));
    this.#out = grown;
    return grown;
  }
}

/** One writer serves all symbol tables. */
let tables: IonWriter | undefined;

/** `$ion_symbol_table::{symbols:[…]}` with these symbols from id 10 on; until the next call. */
function symbolTable(symbols: Iterable<string>): Uint8Array {
  const writer = (tables ??= new IonWriter());
  writer.clear();
  writer.openAnnotations(["$ion_symbol_table"]);
  writer.open(TypeCode.STRUCT);
  writer.fieldName("symbols");
  writer.open(TypeCode.LIST);
  for (const symbol of symbols) writer.string(symbol);
  writer.close();
  writer.close();
  writer.close();
  return writer.written();
}

function requireInteger(value: number): bigint {
  if (Number.isInteger(value)) return BigInt(value);
  throw new UnencodableValueError(
    "Expected an integer, found a number with a fraction: write it as a decimal or float.",
  );
}
