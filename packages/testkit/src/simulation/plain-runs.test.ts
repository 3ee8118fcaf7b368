// SPDX-License-Identifier: MIT
import { afterEach, expect, it } from "@jest/globals";
import { plainRuns } from "./plain-runs";

const before = process.env["SIM_FULL"];
afterEach(() => {
  if (before === undefined) delete process.env["SIM_FULL"];
  else process.env["SIM_FULL"] = before;
});

it.each([
  [300, 100],
  [60, 20],
  [10, 4],
  [1, 1],
])("makes a third of %i runs, at least one, and all of them with SIM_FULL", (runs, share) => {
  delete process.env["SIM_FULL"];
  expect(plainRuns(runs)).toBe(share);
  process.env["SIM_FULL"] = "1";
  expect(plainRuns(runs)).toBe(runs);
});
