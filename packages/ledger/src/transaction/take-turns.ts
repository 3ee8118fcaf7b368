// SPDX-License-Identifier: MIT
import { setImmediate } from "node:timers/promises";
import type { Pace } from "@ledger-loader/partiql";

/** So many times a statement goes on before others have their turn: about 500 rows, a few milliseconds. */
const STEPS_PER_TURN = 32;

/**
 * Makes a pace for the statements of one transaction: after some work everything else that waits in this process has its
 * turn, and the statement goes on only if `requireOpen` does not throw. It counts and looks at no clock, so that a simulation
 * runs the same way again.
 */
export function takeTurns(requireOpen: () => void): Pace {
  let steps = 0;
  return async () => {
    steps += 1;
    if (steps < STEPS_PER_TURN) return;
    steps = 0;
    await setImmediate();
    requireOpen();
  };
}
