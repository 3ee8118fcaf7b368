// SPDX-License-Identifier: MIT
import { magnitudeBytes } from "./magnitude-bytes";

/** How many bytes an unsigned variable-length number takes. */
export function varUIntSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
}

/** Puts an unsigned variable-length number into `out`, and returns where it ends. */
export function putVarUInt(out: Buffer, at: number, value: number): number {
  if (value < 128) {
    out[at] = value | 0x80;
    return at + 1;
  }
  const size = varUIntSize(value);
  let rest = value;
  for (let i = size - 1; i >= 0; i--) {
    out[at + i] = (rest % 128) | (i === size - 1 ? 0x80 : 0);
    rest = Math.floor(rest / 128);
  }
  return at + size;
}

/** Puts a signed variable-length number into `out`, and returns where it ends; `minusZero` gives zero a minus sign. */
export function putVarInt(out: Buffer, at: number, value: number, minusZero: boolean): number {
  const sign = value < 0 || minusZero ? 0x40 : 0;
  const magnitude = Math.abs(value);
  if (magnitude < 64) {
    out[at] = 0x80 | sign | magnitude;
    return at + 1;
  }
  for (const byte of varIntBytes(value, minusZero)) out[at++] = byte;
  return at;
}

/** Puts the shortest signed number into `out`, and returns where it ends; plus zero takes no byte at all. */
export function putSignedInt(out: Buffer, at: number, magnitude: number, negative: boolean): number {
  const sign = negative ? 0x80 : 0;
  if (magnitude === 0) {
    if (negative) out[at++] = sign;
    return at;
  }
  const size = uIntSize(magnitude);
  const hasSignByte = magnitude >= 128 * 256 ** (size - 1);
  if (hasSignByte) out[at++] = sign;
  putUInt(out, at, size, magnitude);
  if (!hasSignByte) out[at] = (out[at] ?? 0) | sign;
  return at + size;
}

/** How many bytes an unsigned number takes; zero takes none. */
export function uIntSize(value: number): number {
  let size = 0;
  for (let rest = value; rest >= 1; rest = Math.floor(rest / 256)) size++;
  return size;
}

/** Puts an unsigned number of so many bytes into `out`. */
export function putUInt(out: Buffer, at: number, size: number, value: number): void {
  let rest = value;
  for (let i = size - 1; i >= 0; i--) {
    out[at + i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

/** Adds the bytes of an unsigned variable-length number. */
export function pushVarUInt(bytes: number[], value: number): void {
  for (let i = varUIntSize(value) - 1; i >= 0; i--) {
    bytes.push((Math.floor(value / 128 ** i) % 128) | (i === 0 ? 0x80 : 0));
  }
}

/** A signed variable-length number; `minusZero` gives zero a minus sign. */
export function varIntBytes(value: number, minusZero: boolean): number[] {
  const sign = value < 0 || minusZero ? 0x40 : 0;
  const bytes: number[] = [];
  let rest = Math.abs(value);
  for (; rest >= 64; rest = Math.floor(rest / 128)) bytes.unshift(rest % 128);
  bytes.unshift(sign | rest);
  bytes.push((bytes.pop() ?? 0) | 0x80);
  return bytes;
}

/** Bytes, and behind them the shortest signed number. */
export function withSignedInt(before: readonly number[], magnitude: bigint, negative: boolean): Uint8Array {
  return Buffer.concat([Uint8Array.from(before), signedIntBytes(magnitude, negative)]);
}

/** The shortest signed number; plus zero takes no byte at all. */
function signedIntBytes(magnitude: bigint, negative: boolean): Uint8Array {
  if (magnitude === 0n) return negative ? Uint8Array.of(0x80) : new Uint8Array(0);
  const bytes = magnitudeBytes(magnitude);
  const first = bytes[0] ?? 0;
  if (first >= 0x80) return Buffer.concat([Uint8Array.of(negative ? 0x80 : 0), bytes]);
  if (negative) bytes[0] = first | 0x80;
  return bytes;
}
