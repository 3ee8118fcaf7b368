// SPDX-License-Identifier: MIT

/** The most that one look adds to the waiting: what is more, the machine took and not the one who is waited for. */
const LOOK_MS_MAX = 60;

/**
 * Decides when waiting is in vain: after a time in which nothing moved, never because much had to be done.
 *
 * The time is that of a machine that is not busy. Where others keep the processor for long between two looks, only a
 * part of that counts, so that whoever is waited for has had its turns, too.
 */
export class Patience {
  readonly #patienceMs: number;
  readonly #now: () => number;
  #seen: string | undefined;
  #lookedAt: number;
  #waitedMs = 0;

  /**
   * @param patienceMs how long nothing may move.
   * @param now a clock in milliseconds.
   */
  constructor(patienceMs: number, now: () => number = () => performance.now()) {
    this.#patienceMs = patienceMs;
    this.#now = now;
    this.#lookedAt = now();
  }

  /** Looks at what has been reached, in any words that differ once something moves, and says whether to wait on. */
  mayWait(reached: string): boolean {
    const now = this.#now();
    this.#waitedMs =
      reached === this.#seen ? this.#waitedMs + Math.min(now - this.#lookedAt, LOOK_MS_MAX) : 0;
    this.#seen = reached;
    this.#lookedAt = now;
    return this.#waitedMs <= this.#patienceMs;
  }
}
