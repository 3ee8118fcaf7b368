// SPDX-License-Identifier: MIT

/** The big-endian bytes of a positive number, without leading zeros. */
export function magnitudeBytes(value: bigint): Uint8Array {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) {
    const bytes: number[] = [];
    for (let rest = Number(value); rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
    return Uint8Array.from(bytes);
  }
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
}

/** The number that the big-endian bytes from `start` to `end` stand for. */
export function readMagnitude(bytes: Uint8Array, start: number, end: number): bigint {
  if (end <= start) return 0n;
  if (end - start <= 6) {
    let value = 0;
    for (let at = start; at < end; at++) value = value * 256 + (bytes[at] ?? 0);
    return BigInt(value);
  }
  return BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("hex")}`);
}
