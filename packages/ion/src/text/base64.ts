// SPDX-License-Identifier: MIT

const CLOSE_BRACE = 0x7d;
const PADDING = 0x3d;

/** Up to so many characters are decoded here: hashes have 44. A call into native code takes longer. */
const SHORT = 64;
/** Scratch space: nothing else runs while it is in use. */
const out = new Uint8Array((SHORT / 4) * 3);

/** The value of each character of base64; 64 for all others. */
const VALUES = new Uint8Array(256).fill(64);
for (const [value, code] of Buffer.from(
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
).entries()) {
  VALUES[code] = value;
}

/**
 * Decodes base64 that begins at `from` and ends before the next `}}`, if it is short and has no blanks.
 *
 * @returns the bytes, until the next call, and where the base64 ends; `undefined` for everything else
 */
export function decodeShortBase64(
  text: Uint8Array,
  from: number,
): { readonly bytes: Uint8Array; readonly end: number } | undefined {
  let end = from;
  while (end < text.length && end - from <= SHORT && text[end] !== CLOSE_BRACE) end++;
  const length = end - from;
  if (length > SHORT || length % 4 !== 0 || text[end + 1] !== CLOSE_BRACE) return undefined;
  const padding = countPadding(text, from, end);
  let size = 0;
  for (let at = from; at < end; at += 4) {
    const isLast = at + 4 === end;
    const group = readGroup(text, at, isLast ? padding : 0);
    if (group < 0) return undefined;
    out[size] = group >> 16;
    out[size + 1] = group >> 8;
    out[size + 2] = group;
    size += isLast ? 3 - padding : 3;
  }
  return { bytes: out.subarray(0, size), end };
}

function countPadding(text: Uint8Array, from: number, end: number): number {
  if (end === from || text[end - 1] !== PADDING) return 0;
  return text[end - 2] === PADDING ? 2 : 1;
}

/** The 24 bits of four characters, the last `padding` of which count as 0; -1 if another one is no base64. */
function readGroup(text: Uint8Array, at: number, padding: number): number {
  let group = 0;
  let all = 0;
  for (let i = 0; i < 4; i++) {
    const value = i >= 4 - padding ? 0 : (VALUES[text[at + i] ?? 0] ?? 64);
    all |= value;
    group = (group << 6) | value;
  }
  return all >= 64 ? -1 : group;
}
