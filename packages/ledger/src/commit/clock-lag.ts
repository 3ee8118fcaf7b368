// SPDX-License-Identifier: MIT
import { CLOCK_STEP_MAX_MS } from "../guarded-clock";
import type { Head } from "../storage/storage";

/** Warns once when the clock stands long before the newest block, until it has caught up. */
export class ClockLag {
  readonly #ledgerName: string;
  readonly #warn: (warning: string) => void;
  #hasWarned = false;

  constructor(ledgerName: string, warn: (warning: string) => void) {
    this.#ledgerName = ledgerName;
    this.#warn = warn;
  }

  /** @param now - what the clock shows, in milliseconds since 1970. */
  observe(now: number, head: Head | undefined): void {
    if (head === undefined || head.blockTime - now <= CLOCK_STEP_MAX_MS) {
      this.#hasWarned = false;
      return;
    }
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const clock = new Date(now).toISOString();
    const block = new Date(head.blockTime).toISOString();
    this.#warn(
      `the clock shows ${clock}, but block ${head.sequenceNo} of ledger ${this.#ledgerName} has the time ` +
        `${block}: new blocks get that time until the clock has passed it. Check the clock of this machine.`,
    );
  }
}
