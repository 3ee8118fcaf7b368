// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import type { Comparison } from "./benchmark";
import { ratiosOf, reachesAim, summarize } from "./summary";

const comparison = (baseline: number[], subject: number[], aim?: Comparison["aim"]): Comparison => ({
  what: "something",
  unit: "things/s",
  baseline: { name: "baseline", samples: baseline },
  subject: { name: "subject", samples: subject },
  aim,
});

describe("A summary", () => {
  it("has the median and the range of its samples", () => {
    expect(summarize([3, 1, 10])).toEqual({ median: 3, min: 1, max: 10 });
    expect(summarize([4, 1, 10, 2])).toEqual({ median: 3, min: 1, max: 10 });
  });

  it("refuses to be made of nothing", () => {
    expect(() => summarize([])).toThrow("at least one sample");
  });

  it("relates each round's subject to the same round's baseline", () => {
    expect(ratiosOf(comparison([1, 10, 100], [2, 20, 200]))).toEqual([2, 2, 2]);
    expect(() => ratiosOf(comparison([1], [1, 2]))).toThrow("as many samples");
  });

  it("judges an aim by the median of the ratios", () => {
    expect(reachesAim(comparison([1, 1, 1], [4, 5, 100], { atLeast: 5 }))).toBe(true);
    expect(reachesAim(comparison([1, 1, 1], [4, 4.9, 100], { atLeast: 5 }))).toBe(false);
    expect(reachesAim(comparison([1, 1, 1], [1, 1.2, 9], { atMost: 1.25 }))).toBe(true);
    expect(reachesAim(comparison([1], [1]))).toBeUndefined();
    expect(reachesAim(comparison([1, 1, 1], [4, 5, 6], { atLeast: 5, of: "subject" }))).toBe(true);
    expect(reachesAim(comparison([9, 9, 9], [4, 5, 6], { atMost: 4, of: "subject" }))).toBe(false);
  });
});
