// SPDX-License-Identifier: MIT
import { setImmediate as turn } from "node:timers/promises";

/** Where the time of every simulation begins, in milliseconds since 1970; on a day on which QLDB was still there. */
const START_MS = Date.UTC(2024, 0, 1);

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

/**
 * Time that passes only when everybody sleeps: hours of time-outs take milliseconds, and the same seed gives the same
 * order of events. What runs under it MUST wait by `sleep` and for nothing else but the ledger.
 */
export class VirtualTime {
  #nowMs = START_MS;
  #busy = 0;
  #sleepers: Sleeper[] = [];

  /** Milliseconds since 1970. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Milliseconds since the simulation began. */
  get elapsedMs(): number {
    return this.#nowMs - START_MS;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.#insert({ untilMs: this.#nowMs + ms, wake });
    });
  }

  /** Calls back after a time, unless what it returns is called before. */
  schedule(ms: number, wake: () => void): () => void {
    const sleeper = { untilMs: this.#nowMs + ms, wake };
    this.#insert(sleeper);
    return () => {
      this.#sleepers = this.#sleepers.filter((each) => each !== sleeper);
    };
  }

  /** Does something that ends without the help of time, such as a transaction; time stands still meanwhile. */
  async busy<T>(work: () => Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await work();
    } finally {
      this.#busy--;
    }
  }

  /** Sleeps in the middle of something `busy`. */
  async rest(ms: number): Promise<void> {
    this.#busy--;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#busy++;
        resolve();
      };
      this.#insert({ untilMs: this.#nowMs + ms, wake });
    });
  }

  /**
   * Lets time pass until the work is done.
   *
   * @param limitMs how much time may pass; what takes longer will never end.
   */
  async run(work: Promise<void>, limitMs: number): Promise<void> {
    const endMs = this.#nowMs + limitMs;
    const state = { isDone: false };
    const done = work.finally(() => {
      state.isDone = true;
    });
    // Awaited below; until then its failure is not unhandled.
    done.catch(() => undefined);
    for (;;) {
      do await turn();
      while (this.#busy > 0);
      if (state.isDone) break;
      const next = this.#sleepers.shift();
      if (next === undefined || next.untilMs > endMs) {
        throw new Error(`the simulation does not end: ${this.#sleepers.length} processes still wait`);
      }
      this.#nowMs = next.untilMs;
      next.wake();
    }
    await done;
  }

  /** Those that wake at the same time wake in the order in which they fell asleep. */
  #insert(sleeper: Sleeper): void {
    const at = this.#sleepers.findLastIndex(({ untilMs }) => untilMs <= sleeper.untilMs);
    this.#sleepers.splice(at + 1, 0, sleeper);
  }
}
