// SPDX-License-Identifier: MIT

/** Up to here, sorting by insertion beats the general sort, which calls out for every comparison of two strings. */
const SMALL = 64;
/** Scratch space: nothing else runs while it is in use. */
const keys = new Float64Array(SMALL);

/**
 * Sorts hashes of one character per byte in byte order; the array is sorted in place or copied.
 *
 * Five bytes decide between hashes: they and the hash's place fit a number.
 */
export function sortHashes(hashes: string[]): readonly string[] {
  const count = hashes.length;
  if (count > SMALL) return hashes.sort();
  for (let i = 0; i < count; i++) {
    const key = prefixOf(hashes[i] ?? "") * SMALL + i;
    let at = i;
    for (; at > 0; at--) {
      const before = keys[at - 1] ?? 0;
      if (before < key) break;
      keys[at] = before;
    }
    keys[at] = key;
  }
  return hasEqualPrefixes(count) ? hashes.sort() : inOrder(hashes);
}

function prefixOf(hash: string): number {
  const high = (hash.charCodeAt(0) << 16) | (hash.charCodeAt(1) << 8) | hash.charCodeAt(2);
  return high * 0x10000 + ((hash.charCodeAt(3) << 8) | hash.charCodeAt(4));
}

function hasEqualPrefixes(count: number): boolean {
  for (let i = 1; i < count; i++) {
    if (Math.floor((keys[i] ?? 0) / SMALL) === Math.floor((keys[i - 1] ?? 0) / SMALL)) return true;
  }
  return false;
}

function inOrder(hashes: readonly string[]): readonly string[] {
  return hashes.map((_, i) => hashes[(keys[i] ?? 0) % SMALL] ?? "");
}

/** Hashes that {@link sortInSteps} sorts before it yields. */
const STEP = 2048;

/**
 * Sorts many hashes in byte order, a part of them at a time: the parts, one after the other, are all of them.
 *
 * Hashes of one first byte are sorted together, which takes long only where somebody chose that byte.
 */
export function* sortInSteps(hashes: readonly string[]): Generator<readonly string[], void, undefined> {
  const groups = Array.from({ length: 256 }, (): string[] => []);
  for (const hash of hashes) groups[hash.charCodeAt(0)]?.push(hash);
  let part: readonly string[] = [];
  for (const group of groups) {
    part = [...part, ...sortHashes(group)];
    for (; part.length >= STEP; part = part.slice(STEP)) yield part.slice(0, STEP);
  }
  yield part;
}
