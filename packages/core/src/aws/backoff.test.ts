// SPDX-License-Identifier: MIT
import { afterEach, expect, it, jest } from "@jest/globals";
import { backoffMs, pause } from "./backoff";

afterEach(() => {
  jest.restoreAllMocks();
});

const LIMITS = { delayMs: 100, delayMaxMs: 1_000 };

it("doubles with each attempt, up to the longest pause, and never comes to no number", () => {
  jest.spyOn(Math, "random").mockReturnValue(1);
  const attempts = [1, 2, 3, 4, 5, 2_000];
  expect(attempts.map((attempt) => backoffMs(attempt, LIMITS))).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  expect(backoffMs(2_000, { delayMs: 0, delayMaxMs: 1_000 })).toBe(0);
});

it("leaves half of the pause to chance", () => {
  jest.spyOn(Math, "random").mockReturnValueOnce(0).mockReturnValueOnce(0.5);
  expect([backoffMs(3, LIMITS), backoffMs(3, LIMITS)]).toEqual([200, 300]);
});

it("waits to the end, or until the signal is raised, and says which", async () => {
  const controller = new AbortController();
  expect(await pause(1)).toBe(true);
  expect(await pause(1, controller.signal)).toBe(true);
  const long = pause(3_600_000, controller.signal);
  controller.abort();
  expect(await long).toBe(false);
  expect(await pause(3_600_000, controller.signal)).toBe(false);
});
