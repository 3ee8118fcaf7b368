// SPDX-License-Identifier: MIT
import type { DeadLetter, DeadLetterSink } from "@ledger-loader/core";

/** Keeps dead letters in memory, for tests; the same one twice is kept once. */
export class MemorySink implements DeadLetterSink {
  readonly #letters = new Map<string, DeadLetter>();

  park(letters: readonly DeadLetter[]): Promise<void> {
    for (const letter of letters) this.#letters.set(letter.origin, letter);
    return Promise.resolve();
  }

  /** Takes all letters, in the order in which they were parked. */
  take(): readonly DeadLetter[] {
    const letters = [...this.#letters.values()];
    this.#letters.clear();
    return letters;
  }
}
