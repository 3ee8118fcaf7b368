// SPDX-License-Identifier: MIT
import { hash as digest } from "node:crypto";

/** A SHA-256 hash: 32 bytes. */
export type Hash = Uint8Array;

/** The length of every hash in a journal, in bytes. */
export const HASH_LENGTH = 32;

/**
 * SHA-256 as a string of 32 characters, one per byte: Node.js returns short strings several times faster than
 * buffers, and such strings sort in byte order.
 */
export function sha256Latin1(bytes: Uint8Array): string {
  return digest("sha256", bytes, "binary");
}

/** SHA-256 of `bytes`. */
export function sha256(bytes: Uint8Array): Hash {
  return latin1ToHash(sha256Latin1(bytes));
}

/** The bytes of a string that {@link sha256Latin1} returned. */
export function latin1ToHash(text: string): Hash {
  const hash = new Uint8Array(HASH_LENGTH);
  for (let i = 0; i < HASH_LENGTH; i++) hash[i] = text.charCodeAt(i);
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
