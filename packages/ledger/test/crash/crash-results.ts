// SPDX-License-Identifier: MIT
import { appendFileSync } from "node:fs";

/** True where crashes are tried by hand, at length: `pnpm crash`. */
export const isFullRun = process.env["CRASH_FULL"] === "1";

/** One line of the table of results. */
export interface CrashResult {
  readonly attack: string;
  /** How often, and where. */
  readonly tried: string;
  readonly outcome: string;
}

/** Adds a line to the file that `pnpm crash` makes the table from; does nothing in other runs. */
export function recordResult(result: CrashResult): void {
  const file = process.env["CRASH_RESULTS"];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(result)}\n`);
}
