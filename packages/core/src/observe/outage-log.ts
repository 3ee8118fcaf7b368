// SPDX-License-Identifier: MIT
import type { LogFields, Logger } from "./logger";

/** How an {@link OutageLog} says that something is away. */
export interface OutageTexts {
  readonly away: string;
  readonly back: string;
  /** The level of the first line. @defaultValue `"warn"` */
  readonly level?: "warn" | "error";
}

/**
 * Logs the state of something that is tried again until it answers: one line when it stops to answer, and one when it answers
 * again, which says for how long and how many tries it did not. The tries between have lines of the level `debug`.
 *
 * Several callers MAY share one: it is away while a try of any of them has failed that has not succeeded since.
 */
export class OutageLog {
  readonly #logger: Logger;
  readonly #texts: OutageTexts;
  readonly #failing = new Set<string>();
  #sinceMs = 0;
  #failures = 0;

  constructor(logger: Logger, texts: OutageTexts) {
    this.#logger = logger;
    this.#texts = texts;
  }

  /** True from a failed try until every caller that failed has succeeded. */
  get isAway(): boolean {
    return this.#failing.size > 0;
  }

  /**
   * Notes a failed try that is followed by another.
   *
   * @param caller - who has tried, such as the reader of a shard. Callers that all fail and succeed together need no name.
   */
  failed(fields: LogFields, caller = ""): void {
    const { away, level = "warn" } = this.#texts;
    const { isAway } = this;
    this.#failing.add(caller);
    if (isAway) {
      this.#failures += 1;
      this.#logger.debug({ ...fields, failures: this.#failures }, away);
      return;
    }
    this.#sinceMs = performance.now();
    this.#failures = 1;
    this.#logger[level](fields, away);
  }

  /** Notes a try that succeeded. */
  succeeded(caller = ""): void {
    if (!this.#failing.delete(caller) || this.isAway) return;
    const awayMs = Math.round(performance.now() - this.#sinceMs);
    this.#logger.info({ awayMs, failures: this.#failures }, this.#texts.back);
  }

  /** Forgets a caller that tries no more, whatever became of its last try. */
  forget(caller = ""): void {
    this.#failing.delete(caller);
  }
}
