// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import * as fc from "fast-check";
import { hashIonString } from "@ledger-loader/ion";
import { CompactRange, MissingNodeError, merkleRoot } from "./index";

const leaves = Array.from({ length: 70 }, (_, n) => hashIonString(`leaf ${n}`));
const rangeOf = (start: number, end: number): CompactRange => {
  const range = new CompactRange(start);
  for (const leaf of leaves.slice(start, end)) range.append(leaf);
  return range;
};

describe("a compact range", () => {
  it("of any runs, joined, has the root of all leaves, and few nodes", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 70 }), { maxLength: 6 }), (cuts) => {
        const ends = [...cuts, 70].sort((a, b) => a - b);
        const joined = new CompactRange();
        for (const end of ends) joined.extend(rangeOf(joined.end, end).nodes);
        expect(joined.root()).toEqual(merkleRoot(leaves));
        expect(joined.nodes.length).toBeLessThanOrEqual(7);
      }),
    );
  });

  it("refuses runs that do not follow, and a root without the first leaves", () => {
    const range = rangeOf(0, 5);
    expect(() => {
      range.extend(rangeOf(6, 8).nodes);
    }).toThrow(MissingNodeError);
    expect(() => rangeOf(3, 5).root()).toThrow(MissingNodeError);
    expect(new CompactRange().root()).toHaveLength(0);
  });
});
