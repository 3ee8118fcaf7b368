// SPDX-License-Identifier: MIT
import { isUtf8 } from "node:buffer";
import { malformed, UnencodableValueError } from "../ion-errors";

/** A call into native code costs more than so many characters do here. */
const SHORT = 24;

/** Views bytes as a Buffer, whose methods decode slices without copying them first. */
export function asBuffer(bytes: Uint8Array): Buffer {
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

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Throws {@link UnencodableValueError} for text with half of a surrogate pair, which UTF-8 cannot hold. */
export function requireUnicode(text: string): void {
  if (!LONE_SURROGATE.test(text)) return;
  throw new UnencodableValueError(
    "Expected text in Unicode, found half of a surrogate pair: correct the text where it comes from.",
  );
}

/** Encodes text; text that UTF-8 cannot hold throws instead of becoming other text. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  if (bytes.length !== text.length) requireUnicode(text);
  return bytes;
}

/** Names that were decoded lately, by their bytes: the same fields come again and again. */
const NAMES: (string | undefined)[] = Array.from({ length: 1024 });

/** As {@link decodeUtf8}, for text that was probably decoded before, as names of fields were. */
export function decodeName(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > SHORT) return decodeUtf8(bytes, start, end);
  let hash = 0;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
  const slot = (hash ^ (hash >>> 10)) & (NAMES.length - 1);
  const known = NAMES[slot];
  if (known !== undefined && isText(known, bytes, start, end)) return known;
  const name = decodeShortAscii(bytes, start, end);
  if (name === undefined) return decodeUtf8(bytes, start, end);
  NAMES[slot] = name;
  return name;
}

/** True if ASCII text is what the bytes from `start` to `end` say. */
function isText(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
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
