// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { toHash } from "./hash";
import { HASH_WORDS } from "./sha256-blocks";
import { sortHashes, sortInSteps } from "./sort-hashes";

/** Hashes of few different bytes, so that beginnings are often equal, or of any. */
const hash = fc.oneof(fc.constantFrom(0, 1, 255), fc.nat(255)).chain((last) =>
  fc
    .array(fc.oneof({ weight: 5, arbitrary: fc.constant(last) }, fc.nat(255)), {
      minLength: 32,
      maxLength: 32,
    })
    .map((bytes) => Buffer.from(bytes)),
);

describe("Sorting hashes", () => {
  it("puts them into byte order, few or many, with equal beginnings or equal altogether", () => {
    fc.assert(
      fc.property(
        fc.array(hash, { maxLength: 150 }),
        fc.array(fc.nat(149), { maxLength: 5 }),
        fc.nat(3),
        (hashes, again, first) => {
          const all = [...hashes, ...again.flatMap((i) => hashes[i] ?? [])];
          const words = new Int32Array((first + all.length) * HASH_WORDS);
          for (const [i, bytes] of all.entries())
            for (let w = 0; w < HASH_WORDS; w++)
              words[(first + i) * HASH_WORDS + w] = bytes.readInt32BE(4 * w);
          const at = (place: number): Buffer => Buffer.from(toHash(words, place * HASH_WORDS));
          const expected = [...all].sort((a, b) => a.compare(b));
          const sorted = sortHashes(words, first, all.length);
          expect(all.map((_, i) => at(sorted[i]!))).toEqual(expected);
          expect([...sortInSteps(words, first, all.length)].flat().map(at)).toEqual(expected);
        },
      ),
    );
  });
});
