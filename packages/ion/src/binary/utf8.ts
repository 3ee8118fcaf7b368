// SPDX-License-Identifier: MIT
import { isUtf8 } from "node:buffer";
import { malformed } from "../ion-errors";

/** A call into native code costs more than so many characters do here. */
const SHORT = 24;

/** Views bytes as a Buffer, whose methods decode slices without copying them first. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Throws {@link MalformedIonError} unless the bytes from `start` to `end` are UTF-8. */
export function requireUtf8(bytes: Uint8Array, start: number, end: number): void {
  if (end - start <= SHORT && isAscii(bytes, start, end)) return;
  if (!isUtf8(bytes.subarray(start, end))) throw malformed("text in UTF-8", start);
}

/** Decodes the bytes from `start` to `end`; bytes that are not UTF-8 throw instead of becoming other text. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length <= SHORT) {
    const text = decodeShortAscii(bytes, start, end);
    if (text !== undefined) return text;
  }
  const text = asBuffer(bytes).toString("utf8", start, end);
  // The replacement character may be the text's own, or stand for bytes that are not UTF-8.
  if (text.includes("\uFFFD")) requireUtf8(bytes, start, end);
  return text;
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let all = 0;
  for (let at = start; at < end; at++) all |= bytes[at] ?? 0;
  return all < 0x80;
}

function decodeShortAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = "";
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0x80;
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
