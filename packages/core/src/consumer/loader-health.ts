// SPDX-License-Identifier: MIT
import type { Ledger } from "../ledger/ledger";
import type { Loader } from "../loader/loader";
import { readTables } from "../writer/tables";

/** What tells a healthy loader from one that is not. */
export interface LoaderHealthOptions {
  /** The ledger that is asked whether it answers. */
  readonly ledger: Ledger;
  /** How long a batch may take before the loader counts as stalled, in milliseconds. @defaultValue `300_000` */
  readonly stalledAfterMs?: number;
  /** How long the ledger may take to answer, in milliseconds. @defaultValue `5_000` */
  readonly answerTimeoutMs?: number;
  /** The time in milliseconds since 1970. @defaultValue `Date.now` */
  readonly now?: () => number;
}

const STALLED_AFTER_MS = 300_000;
const ANSWER_TIMEOUT_MS = 5_000;
/** Whoever asks more often than this gets the last answer, so that health checks are no load for the ledger. */
const PROBE_INTERVAL_MS = 2_000;

/** Knows whether a loader makes progress and its ledger answers. */
export class LoaderHealth {
  readonly #options: LoaderHealthOptions;
  /** When each batch under way began. */
  readonly #underWay = new Set<{ readonly startedAtMs: number }>();
  #lastProgressMs: number;
  #probe: { readonly atMs: number; readonly answers: Promise<boolean> } | undefined;

  constructor(options: LoaderHealthOptions) {
    this.#options = options;
    this.#lastProgressMs = this.#now();
  }

  /** The same loader, looked at. */
  watch(loader: Loader): Loader {
    return {
      load: async (deliveries, options) => {
        const batch = { startedAtMs: this.#now() };
        this.#underWay.add(batch);
        try {
          const report = await loader.load(deliveries, options);
          this.#lastProgressMs = this.#now();
          return report;
        } finally {
          this.#underWay.delete(batch);
        }
      },
      close: () => loader.close(),
    };
  }

  /** What is wrong, a sentence each; nothing for a healthy loader. Nothing to load is healthy. */
  async problems(): Promise<readonly string[]> {
    const problems: string[] = [];
    const { stalledAfterMs = STALLED_AFTER_MS } = this.#options;
    const oldest = [...this.#underWay].reduce(
      (least, { startedAtMs }) => Math.min(least, startedAtMs),
      Infinity,
    );
    const waitedMs = this.#now() - Math.max(oldest, this.#lastProgressMs);
    if (waitedMs > stalledAfterMs) problems.push(`no batch was loaded for ${Math.round(waitedMs / 1000)} s`);
    if (!(await this.#ledgerAnswers())) problems.push("the ledger does not answer");
    return problems;
  }

  #ledgerAnswers(): Promise<boolean> {
    const nowMs = this.#now();
    if (this.#probe === undefined || nowMs - this.#probe.atMs > PROBE_INTERVAL_MS) {
      this.#probe = { atMs: nowMs, answers: this.#ask() };
    }
    return this.#probe.answers;
  }

  async #ask(): Promise<boolean> {
    const { ledger, answerTimeoutMs = ANSWER_TIMEOUT_MS } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => {
        resolve(false);
      }, answerTimeoutMs);
    });
    const answer = readTables(ledger).then(
      () => true,
      () => false,
    );
    try {
      return await Promise.race([answer, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }
}
