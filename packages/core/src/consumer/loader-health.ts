// SPDX-License-Identifier: MIT
import type { Ledger } from "../ledger/ledger";
import type { Loader } from "../loader/loader";
import { Probe } from "./probe";
import { readTables } from "../writer/tables";

/** The signs of a healthy loader. */
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

/** Knows whether a loader makes progress and its ledger answers. */
export class LoaderHealth {
  readonly #options: LoaderHealthOptions;
  /** When each batch under way began. */
  readonly #underWay = new Set<{ readonly startedAtMs: number }>();
  #lastProgressMs: number;
  readonly #ledger: Probe;

  constructor(options: LoaderHealthOptions) {
    this.#options = options;
    const { ledger, answerTimeoutMs, now } = options;
    this.#ledger = new Probe({ ask: () => readTables(ledger), answerTimeoutMs, now });
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

  /** The problems, a sentence each; nothing for a healthy loader. Nothing to load is healthy. */
  async problems(): Promise<readonly string[]> {
    const problems: string[] = [];
    const { stalledAfterMs = STALLED_AFTER_MS } = this.#options;
    const oldest = [...this.#underWay].reduce(
      (least, { startedAtMs }) => Math.min(least, startedAtMs),
      Infinity,
    );
    const waitedMs = this.#now() - Math.max(oldest, this.#lastProgressMs);
    if (waitedMs > stalledAfterMs) problems.push(`no batch was loaded for ${Math.round(waitedMs / 1000)} s`);
    if (!(await this.#ledger.answers())) problems.push("the ledger does not answer");
    return problems;
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }
}
