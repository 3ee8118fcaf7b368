// SPDX-License-Identifier: MIT

/** How something is asked whether it answers. */
export interface ProbeOptions {
  /** Resolves if it answers, and rejects if it does not. */
  readonly ask: () => Promise<unknown>;
  /** How long an answer may take, in milliseconds. @defaultValue `5_000` */
  readonly answerTimeoutMs?: number | undefined;
  /** The time in milliseconds since 1970. @defaultValue `Date.now` */
  readonly now?: (() => number) | undefined;
}

const ANSWER_TIMEOUT_MS = 5_000;
/** A caller that asks more often than this gets the last answer, so that health checks are no load. */
const INTERVAL_MS = 2_000;

/** Finds out whether something answers, however often it is asked. */
export class Probe {
  readonly #options: ProbeOptions;
  #last: { readonly atMs: number; readonly answers: Promise<boolean> } | undefined;

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  /** True if it answers in time. An answer is used for two seconds. */
  answers(): Promise<boolean> {
    const nowMs = this.#options.now?.() ?? Date.now();
    if (this.#last === undefined || nowMs - this.#last.atMs > INTERVAL_MS) {
      this.#last = { atMs: nowMs, answers: this.#ask() };
    }
    return this.#last.answers;
  }

  async #ask(): Promise<boolean> {
    const { ask, answerTimeoutMs = ANSWER_TIMEOUT_MS } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => {
        resolve(false);
      }, answerTimeoutMs);
    });
    const answer = ask().then(
      () => true,
      () => false,
    );
    try {
      return await Promise.race([answer, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }
}
