// SPDX-License-Identifier: MIT
// The hashes of docs/reference/format.md, written from that page alone, on ion-js and ion-hash-js. Numbers are its sections.
import { createHash } from "node:crypto";
import { cryptoHasherProvider, makeHashReader } from "ion-hash-js";
import { type dom, dumpBinary, makeReader } from "ion-js";

/** A digest, and the block up to which it reaches. */
export interface TrustedDigest {
  readonly hash: Uint8Array;
  readonly strandId: string;
  readonly tip: number;
}

export const NONE: Buffer = Buffer.alloc(0);

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  return createHash("sha256").update(Buffer.concat(parts)).digest();
}

/** 3 */
export function ionHash(value: dom.Value): Buffer {
  const reader = makeHashReader(makeReader(dumpBinary(value)), cryptoHasherProvider("sha256"));
  reader.next();
  reader.next();
  return Buffer.from(reader.digest());
}

/** 4.1 */
export function dotOf(a: Uint8Array, b: Uint8Array): Buffer {
  if (a.length === 0 || b.length === 0) return Buffer.from(a.length === 0 ? b : a);
  const [x, y] = [new Int8Array(a), new Int8Array(b)];
  for (let i = 31; i >= 0; i--) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return difference < 0 ? sha256(a, b) : sha256(b, a);
  }
  return sha256(b, a);
}

/** 4.3 */
export function rootOf(list: readonly Uint8Array[]): Buffer {
  if (list.length <= 1) return Buffer.from(list[0] ?? NONE);
  const pairs = list.flatMap((left, i) => (i % 2 === 0 ? [dotOf(left, list[i + 1] ?? NONE)] : []));
  return rootOf(pairs);
}

/** 6: the start is a block's or a revision's hash; `siblings` is the number of neighbours in the tree of blocks. */
export function leadsTo(
  start: Uint8Array,
  proof: readonly Uint8Array[],
  blockHash: Uint8Array,
  sequenceNo: number,
  digest: TrustedDigest,
): boolean {
  let siblings = 0;
  for (let [node, last] = [sequenceNo, digest.tip]; last > 0; node = node >> 1, last = last >> 1) {
    if (node % 2 === 1 || node < last) siblings++;
  }
  const fold = (from: Uint8Array, hashes: readonly Uint8Array[]): Buffer =>
    Buffer.from(hashes.reduce<Uint8Array>(dotOf, from));
  const leaf = fold(start, proof.slice(0, proof.length - siblings));
  return leaf.equals(blockHash) && fold(leaf, proof.slice(proof.length - siblings)).equals(digest.hash);
}
