// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";

/** Waits until something holds, or throws after a time. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error("Expected it to happen in time, it did not.");
    await sleep(20);
  }
}
