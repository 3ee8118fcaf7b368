// SPDX-License-Identifier: MIT
import { setImmediate } from "node:timers/promises";
import type { Pace } from "@ledger-loader/partiql";

/** A statement that has worked for so many milliseconds lets others have their turn. */
const TURN_MS = 10;

/**
 * Makes a pace for the statements of one transaction: after ten milliseconds of work everything else that waits in this
 * process has its turn, and the statement goes on only if `requireOpen` does not throw.
 */
export function takeTurns(requireOpen: () => void): Pace {
  let lastTurn = performance.now();
  return async () => {
    if (performance.now() - lastTurn < TURN_MS) return;
    await setImmediate();
    lastTurn = performance.now();
    requireOpen();
  };
}
