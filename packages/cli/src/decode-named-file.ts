// SPDX-License-Identifier: MIT
import { isUtf8 } from "node:buffer";
import { FileError } from "./cli-errors";

/** Bytes at the start that are looked at for an encoding without a byte order mark. */
const SAMPLE_BYTES = 256;

/**
 * Turns text with a byte order mark into UTF-8 without one. Windows tools write both marks: PowerShell's `>` writes
 * UTF-16. UTF-8 and Ion binary are returned as they are.
 *
 * @throws FileError for UTF-16 without a mark and for other encodings (Latin-1), naming the file.
 */
export function decodeNamedFile(content: Uint8Array, path: string, what: string): Uint8Array {
  const [a, b, c] = content;
  if (a === 0xef && b === 0xbb && c === 0xbf) return content.subarray(3);
  if (a === 0xff && b === 0xfe) return Buffer.from(new TextDecoder("utf-16le").decode(content));
  if (a === 0xfe && b === 0xff) return Buffer.from(new TextDecoder("utf-16be").decode(content));
  if (looksLikeUtf16(content)) throw wrongEncoding("UTF-16 without a byte order mark", path, what);
  if (isIonBinary(content) || isUtf8(content)) return content;
  throw wrongEncoding("bytes that are not UTF-8 (Latin-1 or another encoding)", path, what);
}

function wrongEncoding(found: string, path: string, what: string): FileError {
  return new FileError(path, `expected ${what} in ${path} as UTF-8, found ${found}: save the file as UTF-8`);
}

/** Ion binary begins with the version marker E0 01 00 EA. */
function isIonBinary([a, b, c, d]: Uint8Array): boolean {
  return a === 0xe0 && b === 0x01 && c === 0x00 && d === 0xea;
}

/** Text of mostly ASCII in UTF-16: each second byte is zero. */
function looksLikeUtf16(content: Uint8Array): boolean {
  const sample = content.subarray(0, SAMPLE_BYTES);
  const zeros = [0, 1].map((parity) => sample.filter((byte, at) => at % 2 === parity && byte === 0).length);
  return sample.length >= 8 && zeros.some((n, i) => n > sample.length * 0.4 && zeros[1 - i] === 0);
}
