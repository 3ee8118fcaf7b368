// SPDX-License-Identifier: MIT
import { HASH_WORDS } from "./sha256-blocks";

/** Up to here, sorting by insertion beats the general sort, which calls out for every comparison. */
const SMALL = 64;
/** Scratch space: nothing else runs while it is in use. */
const keys = new Float64Array(SMALL);
const places = new Int32Array(SMALL);

/**
 * Sorts `count` hashes in byte order, each of which stands in `words` at its place times eight.
 *
 * @param first - the place of the first hash
 * @returns their places in order, until the next call
 */
export function sortHashes(words: Int32Array, first: number, count: number): ArrayLike<number> {
  if (count <= SMALL && sortFew(words, first, count)) return places;
  return sortAny(
    words,
    Array.from({ length: count }, (_, i) => first + i),
  );
}

/**
 * Sorts few hashes: five bytes decide between them, which fit a number together with the hash's place.
 *
 * @returns false if five bytes do not decide
 */
function sortFew(words: Int32Array, first: number, count: number): boolean {
  for (let i = 0; i < count; i++) {
    const key = prefixOf(words, first + i) * SMALL + i;
    let at = i;
    for (; at > 0; at--) {
      const before = keys[at - 1] ?? 0;
      if (before < key) break;
      keys[at] = before;
    }
    keys[at] = key;
  }
  let last = -1;
  for (let i = 0; i < count; i++) {
    const key = keys[i] ?? 0;
    const prefix = Math.floor(key / SMALL);
    if (prefix === last) return false;
    last = prefix;
    places[i] = first + (key - prefix * SMALL);
  }
  return true;
}

function prefixOf(words: Int32Array, place: number): number {
  const at = place * HASH_WORDS;
  return ((words[at] ?? 0) >>> 0) * 256 + ((words[at + 1] ?? 0) >>> 24);
}

function sortAny(words: Int32Array, unsorted: number[]): readonly number[] {
  return unsorted.sort((a, b) => {
    for (let i = 0; i < HASH_WORDS; i++) {
      const difference = ((words[a * HASH_WORDS + i] ?? 0) >>> 0) - ((words[b * HASH_WORDS + i] ?? 0) >>> 0);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

/** Hashes that {@link sortInSteps} sorts before it yields. */
const STEP = 2048;

/**
 * As {@link sortHashes}, for many hashes, a part of them at a time: the parts, one after the other, are all of them.
 *
 * Hashes of one first byte are sorted together, which takes long only where somebody chose that byte.
 */
export function* sortInSteps(
  words: Int32Array,
  first: number,
  count: number,
): Generator<readonly number[], void, undefined> {
  const groups = Array.from({ length: 256 }, (): number[] => []);
  for (let place = first; place < first + count; place++)
    groups[(words[place * HASH_WORDS] ?? 0) >>> 24]?.push(place);
  let part: readonly number[] = [];
  for (const group of groups) {
    part = [...part, ...sortAny(words, group)];
    for (; part.length >= STEP; part = part.slice(STEP)) yield part.slice(0, STEP);
  }
  yield part;
}
