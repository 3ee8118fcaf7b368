// SPDX-License-Identifier: MIT

/** A seeded source of chance: the same seed gives the same run. */
export interface Random {
  /** A number from 0 up to, not including, 1. */
  next(): number;
  /** An integer from 0 up to, not including, `bound`. */
  below(bound: number): number;
  /** True if something happens that happens at this rate, from 0 (never) to 1 (always). */
  chance(rate: number): boolean;
}

/** Makes a source of chance from a seed (xorshift32 over a scrambled seed; not for secrets). */
export function seededRandom(seed: number): Random {
  // Seeds that are close to each other must not begin alike, and the state must not be 0.
  let state = Math.imul((seed ^ 0x9e3779b9) >>> 0, 0x85ebca6b) >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
  return {
    next,
    below: (bound) => Math.floor(next() * bound),
    chance: (rate) => next() < rate,
  };
}
