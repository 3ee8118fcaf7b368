// SPDX-License-Identifier: MIT
import type { DeadLetter, DeadLetterSink, LetterBox, SettledLetter, TakenLetters } from "@ledger-loader/core";

/** A letter that was parked, with the message that it is about. */
export interface ParkedLetter {
  readonly letter: DeadLetter;
  /** The message's body as the source sent it, or as it was corrected. */
  readonly body: string;
}

/** Where functions park and a redrive takes letters out again; durable, whoever dies. */
export class ParkedLetters implements DeadLetterSink, LetterBox {
  #letters: readonly ParkedLetter[] = [];
  readonly #bodyOf: (letter: DeadLetter) => string;
  readonly #isAway: () => boolean;

  /**
   * @param bodyOf the body of the message that a letter is about.
   * @param isAway whether the sink takes nothing now.
   */
  constructor(bodyOf: (letter: DeadLetter) => string, isAway: () => boolean) {
    this.#bodyOf = bodyOf;
    this.#isAway = isAway;
  }

  get letters(): readonly ParkedLetter[] {
    return this.#letters;
  }

  get bodies(): readonly string[] {
    return this.#letters.map(({ body }) => body);
  }

  park(letters: readonly DeadLetter[]): Promise<void> {
    if (this.#isAway()) return Promise.reject(new Error("the sink is away"));
    this.#letters = [...this.#letters, ...letters.map((letter) => ({ letter, body: this.#bodyOf(letter) }))];
    return Promise.resolve();
  }

  /** Puts right what a message should have been; `undefined` leaves a letter as it is. */
  correct(toRight: (body: string) => string | undefined): void {
    this.#letters = this.#letters.map((parked) => {
      const body = toRight(parked.body);
      if (body === undefined) return parked;
      const { events: _, ...letter } = parked.letter;
      return { letter: { ...letter, body }, body };
    });
  }

  take(): Promise<TakenLetters> {
    const letters = this.#letters.map(({ letter }, i) => ({ place: String(i), letter }));
    return Promise.resolve({ letters, complete: true });
  }

  settle(settled: readonly SettledLetter[]): Promise<void> {
    const keeps = new Map(settled.map(({ taken, keep }) => [taken.place, keep]));
    this.#letters = this.#letters.flatMap((parked, i) => {
      if (!keeps.has(String(i))) return [parked];
      const keep = keeps.get(String(i));
      return keep === undefined ? [] : [{ letter: keep, body: parked.body }];
    });
    return Promise.resolve();
  }
}
