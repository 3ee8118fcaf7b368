// SPDX-License-Identifier: MIT
import { malformed } from "../ion-errors";
import { NULL_NIBBLE, TypeCode } from "./type-code";

/**
 * Reads headers and numbers of Ion 1.0 binary in place.
 *
 * A scanner is a reusable set of registers: each read method overwrites those it documents, so that walking a value
 * allocates nothing. Every read is checked against the limit it is given; malformed input throws
 * {@link MalformedIonError}.
 */
export class IonScanner {
  /** The type code of the last header. */
  code = 0;
  /** The length nibble of the last header; {@link NULL_NIBBLE} means null. */
  low = 0;
  /** Where the last header's representation begins and ends. */
  body = 0;
  end = 0;
  /** Where the last variable-length number ended. */
  at = 0;
  /** True if the last variable-length signed number carried a minus sign: minus zero has a meaning of its own. */
  negative = false;

  bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Turns the scanner to other bytes. */
  on(bytes: Uint8Array): this {
    this.bytes = bytes;
    return this;
  }

  /** Reads the header at `at` into `code`, `low`, `body` and `end`; the value MUST end at or before `limit`. */
  header(at: number, limit: number): void {
    const first = at < limit ? this.bytes[at] : undefined;
    if (first === undefined) throw malformed("a value", at);
    const code = first >> 4;
    const low = first & 0xf;
    this.code = code;
    this.low = low;
    let body = at + 1;
    let length = low;
    if (code === TypeCode.BOOL) {
      if (low > 1 && low !== NULL_NIBBLE) throw malformed("true, false or null.bool", at);
      length = 0;
    } else if (low === NULL_NIBBLE) {
      if (code > TypeCode.STRUCT) throw malformed("a type that can be null", at);
      length = 0;
    } else if (code === TypeCode.FLOAT) {
      if (low !== 0 && low !== 4 && low !== 8) throw malformed("a float of 0, 4 or 8 bytes", at);
    } else if (code > TypeCode.ANNOTATION) {
      throw malformed("a known type code", at);
    } else if (low === 14 || (low === 1 && code === TypeCode.STRUCT)) {
      length = this.varUInt(body, limit);
      body = this.at;
      if (length === 0 && low === 1) throw malformed("a sorted struct with at least one field", at);
    }
    this.body = body;
    this.end = body + length;
    if (this.end > limit) throw malformed(`a value of ${length} bytes`, at);
  }

  /** True if the last header was padding, which stands for no value. */
  isPadding(): boolean {
    return this.code === TypeCode.NULL && this.low !== NULL_NIBBLE;
  }

  /** Reads an unsigned variable-length number; leaves its end in `at`. */
  varUInt(from: number, limit: number): number {
    let value = 0;
    for (let at = from; at < limit; at++) {
      const byte = this.bytes[at] ?? 0;
      value = value * 128 + (byte & 0x7f);
      if (value > Number.MAX_SAFE_INTEGER) throw malformed("a number below 2^53", from);
      if (byte >= 0x80) {
        this.at = at + 1;
        return value;
      }
    }
    throw malformed("the end of a variable-length number", from);
  }

  /** Reads a signed variable-length number; leaves its end in `at` and its sign in `negative`. */
  varInt(from: number, limit: number): number {
    const first = from < limit ? this.bytes[from] : undefined;
    if (first === undefined) throw malformed("a variable-length number", from);
    const negative = (first & 0x40) !== 0;
    let value = first & 0x3f;
    if (first >= 0x80) {
      this.at = from + 1;
    } else {
      const rest = this.varUInt(from + 1, limit);
      value = value * 128 ** (this.at - from - 1) + rest;
      if (value > Number.MAX_SAFE_INTEGER) throw malformed("a number below 2^53", from);
    }
    this.negative = negative;
    return negative ? -value : value;
  }

  /** Reads the big-endian unsigned number of the bytes from `from` to `to`, for instance a symbol's id. */
  uInt(from: number, to: number): number {
    let value = 0;
    for (let at = from; at < to; at++) {
      value = value * 256 + (this.bytes[at] ?? 0);
      if (value > Number.MAX_SAFE_INTEGER) throw malformed("a number below 2^53", from);
    }
    return value;
  }

  /**
   * Reads an annotation wrapper whose header was just read: leaves the header of the value inside it in `code`,
   * `low`, `body` and `end`, and returns where the annotations' symbol ids begin. They end where {@link IonScanner.at}
   * points, which is also where the wrapped value begins.
   */
  unwrap(): number {
    const { body, end } = this;
    const length = this.varUInt(body, end);
    const annotations = this.at;
    const value = annotations + length;
    if (length === 0 || value >= end) throw malformed("at least one annotation and a value", body);
    this.header(value, end);
    if (this.code === TypeCode.ANNOTATION || this.isPadding() || this.end !== end) {
      throw malformed("exactly one annotated value", value);
    }
    this.at = value;
    return annotations;
  }
}
