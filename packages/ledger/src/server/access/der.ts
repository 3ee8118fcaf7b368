// SPDX-License-Identifier: MIT

/** Types of values in DER (ITU-T X.690), as far as a certificate needs them. */
const TYPES = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Encodes a value: its type, or the byte of a context-specific type, and its content. */
export function der(type: keyof typeof TYPES | number, ...content: readonly (Uint8Array | string)[]): Buffer {
  const body = Buffer.concat(content.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([typeof type === "number" ? type : TYPES[type]]), lengthOf(body), body]);
}

/** Encodes an object identifier such as `2.5.4.3`. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return der("objectIdentifier", Buffer.from([first * 40 + second, ...rest.flatMap(inBase128)]));
}

/** Encodes a time before 2050, to the second. */
export function utcTime(time: Date): Buffer {
  return der("utcTime", time.toISOString().replace(/^\d\d|[-:T]|\.\d{3}/g, ""));
}

function lengthOf({ length }: Uint8Array): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = Buffer.from(length.toString(16).padStart(length < 0x100 ? 2 : 4, "0"), "hex");
  return Buffer.concat([Buffer.from([0x80 + bytes.length]), bytes]);
}

function inBase128(n: number): number[] {
  const digits = [n & 0x7f];
  for (let rest = n >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}
