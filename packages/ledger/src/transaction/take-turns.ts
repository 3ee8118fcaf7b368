// SPDX-License-Identifier: MIT
import type { Pace } from "@ledger-loader/partiql";
import { nextTurn } from "../turns";

/**
 * Makes a pace for the statements of one transaction: after some work everything else that waits in this process has its
 * turn, and the statement goes on only if `requireOpen` does not throw. Work is counted, and no clock is looked at, so that
 * a simulation runs the same way again.
 */
export function takeTurns(requireOpen: () => void): Pace {
  return async () => {
    await nextTurn();
    requireOpen();
  };
}
