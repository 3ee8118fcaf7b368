// SPDX-License-Identifier: MIT

import { TypeCode } from "../binary/type-code";

/** The type code that Ion 1.0 keeps for later versions. */
const RESERVED = 15;

/** Where a value's parts are: `[at, at + header)` is its descriptor and length, then `length` bytes of content. */
export interface ValueHeader {
  readonly type: number;
  readonly isNull: boolean;
  readonly header: number;
  readonly length: number;
}

/** A number read from a buffer, and the position after it. */
export interface VarUInt {
  readonly value: number;
  readonly next: number;
}

/** Reads a VarUInt; `undefined` if the buffer ends inside it. Throws `RangeError` beyond 2^53-1. */
function readVarUInt(bytes: Uint8Array, at: number, end: number): VarUInt | undefined {
  let value = 0;
  for (let next = at; next < end; next++) {
    const byte = bytes[next] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER) throw new RangeError("a length beyond 2^53");
    if (byte & 0x80) return { value, next: next + 1 };
  }
  return undefined;
}

/** Reads the header of the value at `at`; `undefined` if the buffer ends inside it. Throws `RangeError` on invalid ones. */
export function readValueHeader(bytes: Uint8Array, at: number, end: number): ValueHeader | undefined {
  if (at >= end) return undefined;
  const descriptor = bytes[at] ?? 0;
  const type = descriptor >> 4;
  const low = descriptor & 0x0f;
  if (type === RESERVED) throw new RangeError(`the reserved type descriptor 0x${descriptor.toString(16)}`);
  if (low === 15) return { type, isNull: true, header: 1, length: 0 };
  if (type === TypeCode.BOOL) return { type, isNull: false, header: 1, length: 0 };
  // A struct with length code 1 is one with sorted fields: its length follows, as with code 14.
  if (low < 14 && !(type === TypeCode.STRUCT && low === 1))
    return { type, isNull: false, header: 1, length: low };
  const length = readVarUInt(bytes, at + 1, end);
  return length && { type, isNull: false, header: length.next - at, length: length.value };
}
