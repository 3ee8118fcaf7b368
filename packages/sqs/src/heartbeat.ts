// SPDX-License-Identifier: MIT

/** Repeats a sign of life, three times per timeout, until it is stopped. */
export class Heartbeat {
  readonly #timer: NodeJS.Timeout;
  #beat: Promise<void> = Promise.resolve();
  #isBeating = false;

  private constructor(timeoutSeconds: number, beat: () => Promise<void>) {
    this.#timer = setInterval(
      () => {
        // A beat that takes longer than the pause is not overtaken by the next.
        if (this.#isBeating) return;
        this.#isBeating = true;
        this.#beat = beat().finally(() => {
          this.#isBeating = false;
        });
      },
      (timeoutSeconds * 1_000) / 3,
    );
  }

  /**
   * Begins, with the first beat after a third of the timeout.
   *
   * @param beat MUST NOT reject: one that got lost is followed by another.
   */
  static start(timeoutSeconds: number, beat: () => Promise<void>): Heartbeat {
    return new Heartbeat(timeoutSeconds, beat);
  }

  /** Ends; returns after the beat under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beat;
  }
}
