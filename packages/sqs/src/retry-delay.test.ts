// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { retryWindowSeconds } from "@ledger-loader/sqs";
import { backoffSeconds, soonerSeconds } from "./retry-delay";

const aQueue = (visibilityTimeoutSeconds: number, receivesMax: number) => ({
  visibilityTimeoutSeconds,
  receivesMax,
});
const pauses = (queue: ReturnType<typeof aQueue>, receives: number) =>
  Array.from({ length: receives }, (_, index) => soonerSeconds(index + 1, queue) ?? "time-out");

describe("a failed message", () => {
  it("comes back after a pause that doubles, up to the queue's visibility time-out", () => {
    expect(pauses(aQueue(100, Infinity), 6)).toEqual([10, 20, 40, 80, 100, 100]);
  });

  it("keeps the second half of its receives for an outage that lasts", () => {
    expect(pauses(aQueue(720, 5), 5)).toEqual([10, 20, "time-out", "time-out", "time-out"]);
    expect(pauses(aQueue(720, 1), 1)).toEqual(["time-out"]);
  });

  it("never comes back later than by the queue's own time-out", () => {
    expect(pauses(aQueue(6, 20), 3)).toEqual([6, 6, 6]);
  });

  it("has a pause after any number of receives", () => {
    expect([1, 2, 2_000, Number.MAX_SAFE_INTEGER].map((count) => backoffSeconds(count, 0, 900))).toEqual([
      0, 0, 0, 0,
    ]);
    expect(backoffSeconds(5_000, 10, 900)).toBe(900);
  });
});

describe("retryWindowSeconds", () => {
  it.each([
    [aQueue(720, 16), 7_030],
    [aQueue(720, 5), 1_470],
    [aQueue(720, 2), 10],
    [aQueue(720, 1), 0],
    [aQueue(720, Infinity), Infinity],
  ])("adds the pauses of %j up", (queue, seconds) => {
    expect(retryWindowSeconds(queue)).toBe(seconds);
  });
});
