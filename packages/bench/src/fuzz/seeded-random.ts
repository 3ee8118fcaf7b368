// SPDX-License-Identifier: MIT

/** Odd, and near 2^32 divided by the golden ratio: steps by it visit all numbers of 32 bits evenly. */
const STEP = 0x9e3779b9;

/** Numbers that look random, and are the same for the same seed. */
export class SeededRandom {
  #state: number;

  /** @param stream - another number gives another sequence of the same seed. */
  constructor(seed: number, stream = 0) {
    this.#state = mix(mix(seed >>> 0) ^ Math.imul(stream, STEP));
  }

  /** A whole number from 0, below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + STEP) >>> 0;
    return Math.floor((mix(this.#state) / 2 ** 32) * limit);
  }

  /** One of the items. There MUST be one. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

/** Spreads every bit over all 32. */
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
