// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { sortHashes, sortInSteps } from "./sort-hashes";

/** Hashes of few different bytes, so that beginnings are often equal, or of any. */
const hash = fc.oneof(fc.constantFrom(0, 1, 255), fc.nat(255)).chain((last) =>
  fc
    .array(fc.oneof({ weight: 5, arbitrary: fc.constant(last) }, fc.nat(255)), {
      minLength: 32,
      maxLength: 32,
    })
    .map((bytes) => String.fromCharCode(...bytes)),
);

describe("Sorting hashes", () => {
  it("puts them into byte order, few or many, with equal beginnings or equal altogether", () => {
    fc.assert(
      fc.property(
        fc.array(hash, { maxLength: 150 }),
        fc.array(fc.nat(149), { maxLength: 5 }),
        (hashes, again) => {
          const all = [...hashes, ...again.flatMap((i) => hashes[i] ?? [])];
          const expected = all.map((text) => Buffer.from(text, "latin1")).sort((a, b) => a.compare(b));
          expect(sortHashes([...all]).map((text) => Buffer.from(text, "latin1"))).toEqual(expected);
          expect([...sortInSteps(all)].flat()).toEqual(sortHashes([...all]));
        },
      ),
    );
  });
});
