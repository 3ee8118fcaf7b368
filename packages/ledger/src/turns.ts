// SPDX-License-Identifier: MIT
import { runInTurns, type Steps } from "@ledger-loader/ion";

/** Values are hashed so much at a time, in bytes: every second byte may be a field, which has a hash of its own. */
export const HASHED_PER_TURN: number = 4 * 1024;

/** Who waits for a turn, the first one first. One list, because a process has one event loop. */
const waiting: (() => void)[] = [];

/**
 * Waits for the next turn of long work: of statements that look at many rows, and of large requests.
 *
 * Between two turns the event loop goes round once, so that a short request waits for one turn, and not for one of everybody
 * who has long work.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(giveTurn);
  });
}

/** How much long work waits for its next turn. */
export function waitingTurns(): number {
  return waiting.length;
}

function giveTurn(): void {
  // What it resumes runs before the next turn of the event loop.
  waiting[0]?.();
  waiting.shift();
  if (waiting.length > 0) setImmediate(giveTurn);
}

/** Runs work to its end, with a turn of everybody else between its steps. */
export function inTurns<T>(steps: Steps<T>): Promise<T> {
  return runInTurns(steps, nextTurn);
}
