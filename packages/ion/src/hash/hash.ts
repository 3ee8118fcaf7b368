// SPDX-License-Identifier: MIT
import { hash as digest } from "node:crypto";
import { BLOCK_BYTES, HASH_WORDS, padMessage, sha256Blocks } from "./sha256-blocks";

/** A SHA-256 hash: 32 bytes. */
export type Hash = Uint8Array;

/** The length of every hash in a journal, in bytes. */
export const HASH_LENGTH = 32;

/** SHA-256 of `bytes`. */
export function sha256(bytes: Uint8Array): Hash {
  const words = new Int32Array(HASH_WORDS);
  wordsOfLong(bytes, words, 0);
  return toHash(words, 0);
}

/**
 * Puts the SHA-256 of a long message into `words` at `to`, by way of `node:crypto`.
 *
 * It comes as a string of one character per byte: Node.js returns short strings several times faster than buffers.
 */
export function wordsOfLong(bytes: Uint8Array, words: Int32Array, to: number): void {
  const text = digest("sha256", bytes, "binary");
  for (let i = 0; i < HASH_WORDS; i++) {
    const at = 4 * i;
    const high = (text.charCodeAt(at) << 24) | (text.charCodeAt(at + 1) << 16);
    words[to + i] = high | (text.charCodeAt(at + 2) << 8) | text.charCodeAt(at + 3);
  }
}

const pair = new Uint8Array(2 * BLOCK_BYTES);
const pairView = new DataView(pair.buffer);
const pairBlocks = padMessage(pair, pairView, 0, 2 * HASH_LENGTH);
const pairWords = new Int32Array(HASH_WORDS);

/** SHA-256 of two hashes, one behind the other. */
export function sha256OfPair(first: Hash, second: Hash): Hash {
  pair.set(first, 0);
  pair.set(second, HASH_LENGTH);
  sha256Blocks(pairView, 0, pairBlocks, pairWords, 0);
  return toHash(pairWords, 0);
}

/** The bytes of a hash that stands in `words` from `from` on. */
export function toHash(words: Int32Array, from: number): Hash {
  const hash = new Uint8Array(HASH_LENGTH);
  for (let i = 0; i < HASH_LENGTH; i++) hash[i] = (words[from + (i >> 2)] ?? 0) >> (24 - 8 * (i & 3));
  return hash;
}

/** True if two hashes are the same. */
export function hashesEqual(a: Hash, b: Hash): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A hash as people and AWS's tools write it: base64. */
export function formatHash(hash: Hash): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString("base64");
}
