// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";

/** Looks again and again until it is so; the test's own timeout ends it. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}
