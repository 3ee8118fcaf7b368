// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";

/** The longest pause between two attempts, in milliseconds. */
const DELAY_MAX_MS = 30_000;

/** Waits, or until the signal is raised. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, signal && { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

/** The pause after an attempt, counted from 1: it doubles, and varies so that readers do not come back together. */
export function delayAfter(attempt: number, delayMs: number): number {
  return Math.min(DELAY_MAX_MS, delayMs * 2 ** Math.min(attempt - 1, 20)) * (0.5 + Math.random() / 2);
}
