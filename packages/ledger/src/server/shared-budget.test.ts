// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { SharedBudget } from "./shared-budget";

function holders(count: number) {
  const gone: number[] = [];
  const make = (_: unknown, i: number) => ({ giveWay: () => void gone.push(i) });
  return { gone, all: Array.from({ length: count }, make) };
}

describe("A budget that clients share", () => {
  it("lets those make way who have not gone on for the longest time", () => {
    const { gone, all } = holders(4);
    const budget = new SharedBudget(100);
    for (const holder of all.slice(0, 3)) budget.hold(holder, 30);
    budget.hold(all[0]!, 30);
    budget.hold(all[3]!, 60);
    expect(gone).toEqual([1, 2]);
    expect(budget.bytes).toBe(90);
  });

  it("lets even the one that goes on make way, if the others are not enough", () => {
    const { gone, all } = holders(2);
    const budget = new SharedBudget(100);
    budget.hold(all[0]!, 30);
    budget.hold(all[1]!, 101);
    expect(gone).toEqual([0, 1]);
    expect(budget.bytes).toBe(0);
  });

  it("leaves alone those who hold next to nothing, and forgets those who hold nothing", () => {
    const { gone, all } = holders(3);
    const budget = new SharedBudget(1_000_000);
    budget.hold(all[0]!, 100);
    budget.hold(all[1]!, 999_900);
    budget.hold(all[1]!, 0);
    budget.hold(all[2]!, 999_950);
    expect(gone).toEqual([2]);
    expect(budget.bytes).toBe(100);
  });
});
