// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";

/** Doubled this often, any first pause is longer than any longest one; 2 to the power of 1,024 would be no number. */
const DOUBLINGS_MAX = 40;

/** How long the pauses between attempts are, in milliseconds. */
export interface Backoff {
  /** The pause after the first attempt, before half of it is left to chance. */
  readonly delayMs: number;
  readonly delayMaxMs: number;
}

/**
 * The pause after an attempt, counted from 1, in milliseconds: it doubles with each, up to the longest one, and half of it is
 * left to chance, since those who failed together must not come back together.
 */
export function backoffMs(attempt: number, { delayMs, delayMaxMs }: Backoff): number {
  const longest = Math.min(delayMaxMs, delayMs * 2 ** Math.min(attempt - 1, DOUBLINGS_MAX));
  return longest * (0.5 + Math.random() / 2);
}

/** Waits for so many milliseconds; returns `false` if the signal was raised before they were over. */
export async function pause(ms: number, signal?: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, signal && { signal });
    return true;
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    return false;
  }
}
