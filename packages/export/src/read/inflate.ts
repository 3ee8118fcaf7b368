// SPDX-License-Identifier: MIT
import { Readable, pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { InflationLimitError, MalformedContentError } from "../export-errors";

/** The first two bytes of a gzip file: RFC 1952, section 2.3.1. */
const GZIP_MAGIC = [0x1f, 0x8b];

/** Content up to this size is inflated whatever its ratio. */
const FREE_BYTES = 64 * 1024 * 1024;

/** Journals in Ion text shrink to about a tenth. Only content made for harm shrinks to less than this part. */
const RATIO_MAX = 200;

/**
 * Streams content, inflated if it is gzipped. The first two bytes tell, not the name.
 *
 * Holds one piece at a time. Throws `InflationLimitError` for content over 64 MiB that inflates to more than 200 times
 * its size, and `MalformedContentError` for damaged gzip.
 *
 * @param key - the name of the content, for messages.
 */
export async function* inflateIfGzipped(
  chunks: AsyncIterable<Uint8Array>,
  key: string,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  let done = false;
  while (head.length < GZIP_MAGIC.length && !done) {
    const result = await iterator.next();
    done = result.done === true;
    if (result.done !== true) head = head.length === 0 ? result.value : Buffer.concat([head, result.value]);
  }
  const content = withHead(head, iterator);
  yield* GZIP_MAGIC.every((byte, at) => head[at] === byte) ? inflate(content, key) : content;
}

async function* withHead(head: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

async function* inflate(chunks: AsyncIterable<Uint8Array>, key: string): AsyncGenerator<Uint8Array> {
  let read = 0;
  let written = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      read += chunk.length;
      yield chunk;
    }
  };
  const gunzip = createGunzip();
  // The consumer of `gunzip` gets the error of any part.
  pipeline(Readable.from(counted()), gunzip, () => undefined);
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      written += chunk.length;
      if (written > FREE_BYTES && written > read * RATIO_MAX)
        throw new InflationLimitError(key, read, written);
      yield chunk;
    }
  } catch (error) {
    if (!isZlibError(error)) throw error;
    throw new MalformedContentError(key, written, `expected gzip, found ${error.message}`, { cause: error });
  }
}

function isZlibError(error: unknown): error is NodeJS.ErrnoException {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === "string" && code.startsWith("Z_");
}
