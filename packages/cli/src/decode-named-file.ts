// SPDX-License-Identifier: MIT
import { FileError } from "./cli-errors";

/** Bytes at the start that are looked at for an encoding without a byte order mark. */
const SAMPLE_BYTES = 256;

/**
 * Turns text with a byte order mark into UTF-8 without one. Windows tools write both marks: PowerShell's `>` writes
 * UTF-16. Other content is returned as it is.
 *
 * @throws FileError for UTF-16 without a mark, naming the file.
 */
export function decodeNamedFile(content: Uint8Array, path: string, what: string): Uint8Array {
  const [a, b, c] = content;
  if (a === 0xef && b === 0xbb && c === 0xbf) return content.subarray(3);
  if (a === 0xff && b === 0xfe) return Buffer.from(new TextDecoder("utf-16le").decode(content));
  if (a === 0xfe && b === 0xff) return Buffer.from(new TextDecoder("utf-16be").decode(content));
  if (!looksLikeUtf16(content)) return content;
  throw new FileError(
    path,
    `expected ${what} in ${path} as UTF-8, found UTF-16 without a byte order mark: save the file as UTF-8`,
  );
}

/** Text of mostly ASCII in UTF-16: each second byte is zero. */
function looksLikeUtf16(content: Uint8Array): boolean {
  const sample = content.subarray(0, SAMPLE_BYTES);
  const zeros = [0, 1].map((parity) => sample.filter((byte, at) => at % 2 === parity && byte === 0).length);
  return sample.length >= 8 && zeros.some((n, i) => n > sample.length * 0.4 && zeros[1 - i] === 0);
}
