// SPDX-License-Identifier: MIT

/** A developer who changes something waits for a plain test run; the rest of the runs can take their time. */
const PLAIN_SHARE = 1 / 3;

/** How many of so many runs to make: a third of them, or with `SIM_FULL`, as `pnpm test:sim` and `pnpm test:laws` set it, all. */
export function plainRuns(runs: number): number {
  return process.env["SIM_FULL"] === undefined ? Math.ceil(runs * PLAIN_SHARE) : runs;
}
