// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { AsyncFunction, matchesEventPattern } from "@ledger-loader/testkit";

describe("A function that is invoked asynchronously", () => {
  it("is tried as often as it may be, then the event is a dead letter; others are not affected", async () => {
    const seen: number[] = [];
    const target = new AsyncFunction({
      handler: (event: number) => {
        seen.push(event);
        return event === 2 ? Promise.reject(new Error("no")) : Promise.resolve();
      },
    });
    for (const event of [1, 2, 3]) target.invoke(event);
    expect(seen).toEqual([]);
    await target.drain();
    expect(seen.toSorted()).toEqual([1, 2, 2, 2, 3]);
    expect(target.takeDeadLetters()).toEqual([2]);
    expect(target.takeDeadLetters()).toEqual([]);
  });

  it("gets events again and in any order, if told to, but none is lost", async () => {
    const seen: number[] = [];
    const handler = (event: number): Promise<void> => {
      seen.push(event);
      return Promise.resolve();
    };
    const target = new AsyncFunction({ handler, seed: 3, duplicateRate: 0.5 });
    const events = Array.from({ length: 30 }, (_, i) => i);
    for (const event of events) target.invoke(event);
    await target.drain();
    expect(new Set(seen)).toEqual(new Set(events));
    expect(seen.length).toBeGreaterThan(35);
    expect(seen).not.toEqual(seen.toSorted((a, b) => a - b));
  });
});

describe("A rule's pattern", () => {
  const event = { source: "a", detail: { table: "T", tags: ["x", "y"] } };
  it.each([
    [{}, true],
    [{ source: ["b", "a"] }, true],
    [{ source: ["b"] }, false],
    [{ detail: { table: ["T"] } }, true],
    [{ detail: { table: ["U"] } }, false],
    [{ detail: { tags: ["y"] } }, true],
    [{ detail: { none: ["x"] } }, false],
    [{ none: { table: ["T"] } }, false],
  ])("%j: %s", (pattern, matches) => {
    expect(matchesEventPattern(event, pattern)).toBe(matches);
  });
});
