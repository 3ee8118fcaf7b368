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

/** The shortest signed number; plus zero takes no byte at all. */
export function signedIntBytes(magnitude: bigint, negative: boolean): number[] {
  if (magnitude === 0n) return negative ? [0x80] : [];
  const bytes = magnitudeBytes(magnitude);
  const first = bytes[0] ?? 0;
  if (first >= 0x80) return [negative ? 0x80 : 0, ...bytes];
  if (negative) bytes[0] = first | 0x80;
  return bytes;
}
