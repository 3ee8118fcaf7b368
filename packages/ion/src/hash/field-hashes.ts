// SPDX-License-Identifier: MIT
import { type Hash, toHash } from "./hash";
import type { HashBuffer } from "./hash-buffer";
import { HASH_WORDS } from "./sha256-blocks";
import { sortHashes, sortInSteps } from "./sort-hashes";
import type { Steps } from "../steps";

/** The hashes of fields whose structs are not hashed yet; those of inner structs are the last ones. */
export interface FieldHashes {
  /** How many there are. A smaller number drops what was added last. */
  count: number;
  /** Adds the hash of all that the buffer holds from `start` on. */
  add(buffer: HashBuffer, start: number): void;
  /** Appends the hashes from `first` on to the buffer, in byte order, and drops them. */
  sortInto(buffer: HashBuffer, first: number): void;
  /** As {@link sortInto}, a part at a time: for many. */
  sortInSteps(buffer: HashBuffer, first: number): Steps<void>;
  /** The hash of all that the buffer holds from `start` on. Default: from its beginning. */
  hashOf(buffer: HashBuffer, start?: number): Hash;
}

const INITIAL_HASHES = 256;
const KEPT_HASHES = 1 << 16;

/** Hashes of SHA-256, one behind the other in one array: a document has a hash for each of its fields. */
export class Sha256Fields implements FieldHashes {
  #count = 0;
  #words = new Int32Array(INITIAL_HASHES * HASH_WORDS);

  get count(): number {
    return this.#count;
  }

  /** Lets go of what a huge struct needed, too. */
  set count(count: number) {
    this.#count = count;
    if (count === 0 && this.#words.length > KEPT_HASHES * HASH_WORDS)
      this.#words = new Int32Array(INITIAL_HASHES * HASH_WORDS);
  }

  add(buffer: HashBuffer, start: number): void {
    const to = this.#count * HASH_WORDS;
    if (to === this.#words.length) this.#grow();
    buffer.sha256(start, this.#words, to);
    this.#count++;
  }

  sortInto(buffer: HashBuffer, first: number): void {
    const count = this.#count - first;
    const sorted = sortHashes(this.#words, first, count);
    for (let i = 0; i < count; i++) buffer.hash(this.#words, (sorted[i] ?? 0) * HASH_WORDS);
    this.#count = first;
  }

  *sortInSteps(buffer: HashBuffer, first: number): Steps<void> {
    for (const sorted of sortInSteps(this.#words, first, this.#count - first)) {
      for (const place of sorted) buffer.hash(this.#words, place * HASH_WORDS);
      yield;
    }
    this.#count = first;
  }

  hashOf(buffer: HashBuffer, start = 0): Hash {
    this.add(buffer, start);
    this.#count--;
    return toHash(this.#words, this.#count * HASH_WORDS);
  }

  #grow(): void {
    const grown = new Int32Array(2 * this.#words.length);
    grown.set(this.#words);
    this.#words = grown;
  }
}
