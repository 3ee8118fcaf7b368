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
  const decoded = decoderFor(content, path, what)(content, false);
  if (isIonBinary(decoded) || isUtf8(decoded)) return decoded;
  throw wrongEncoding("bytes that are not UTF-8 (Latin-1 or another encoding)", path, what);
}

/**
 * The same for a stream: UTF-16 with a mark becomes UTF-8, a mark is left out, UTF-16 without one is refused. Bytes that are not
 * UTF-8 pass: what reads the stream rejects the line that they are in, and reads on.
 */
export async function* decodeNamedStream(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
  what: string,
): AsyncGenerator<Uint8Array> {
  let beginning: Uint8Array = new Uint8Array(0);
  let decode: Decode | undefined;
  for await (const chunk of chunks) {
    if (decode !== undefined) {
      yield decode(chunk, true);
      continue;
    }
    beginning = Buffer.concat([beginning, chunk]);
    if (beginning.length < SAMPLE_BYTES) continue;
    decode = decoderFor(beginning, path, what);
    yield decode(beginning, true);
  }
  // A short stream has not been looked at yet; of a long one, half a character may be left.
  const rest = decode === undefined ? beginning : new Uint8Array(0);
  yield (decode ?? decoderFor(rest, path, what))(rest, false);
}

/** Turns the next bytes of a stream into UTF-8. */
type Decode = (bytes: Uint8Array, hasMore: boolean) => Uint8Array;

/** How a stream that begins so is to be decoded. */
function decoderFor(beginning: Uint8Array, path: string, what: string): Decode {
  const [a, b] = beginning;
  if (a === 0xff && b === 0xfe) return utf16Decoder("utf-16le");
  if (a === 0xfe && b === 0xff) return utf16Decoder("utf-16be");
  if (a === 0x1f && b === 0x8b)
    throw new FileError(
      path,
      `expected ${what} in ${path}, found gzip: decompress it, for example with zcat`,
    );
  if (looksLikeUtf16(beginning)) throw wrongEncoding("UTF-16 without a byte order mark", path, what);
  return (bytes) => (bytes === beginning ? withoutMark(bytes) : bytes);
}

function utf16Decoder(encoding: string): Decode {
  const decoder = new TextDecoder(encoding);
  return (bytes, hasMore) => Buffer.from(decoder.decode(bytes, { stream: hasMore }));
}

function withoutMark(content: Uint8Array): Uint8Array {
  const [a, b, c] = content;
  return a === 0xef && b === 0xbb && c === 0xbf ? content.subarray(3) : content;
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
