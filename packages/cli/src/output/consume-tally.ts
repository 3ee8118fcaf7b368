// SPDX-License-Identifier: MIT
import type { LoadReport, Loader, RejectReason, SkipReason } from "@ledger-loader/core";

/** The outcome of everything that a consumer took. */
export interface ConsumeReport {
  readonly deliveries: number;
  readonly written: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  /** Events that were rejected; each try of an event that came again counts. */
  readonly rejected: Readonly<Partial<Record<RejectReason, number>>>;
  /** Deliveries that are in the dead letters now. */
  readonly parked: number;
  /** Deliveries that failed and were neither applied nor parked when they came again. */
  readonly handedBack: number;
}

/** A worker that runs for months forgets no more than these; `handedBack` is the least number then. */
const HANDED_BACK_MAX = 100_000;

/** Counts what a loader does, and knows how long it has had nothing to do. */
export class ConsumeTally {
  readonly #now: () => number;
  readonly #handedBack = new Set<string>();
  readonly #skipped: Partial<Record<SkipReason, number>> = {};
  readonly #rejected: Partial<Record<RejectReason, number>> = {};
  #deliveries = 0;
  #written = 0;
  #parked = 0;
  #underWay = 0;
  #idleSinceMs: number;

  /** @param now the time in milliseconds. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#idleSinceMs = now();
  }

  /** The same loader, counted. MUST be outside of what parks. */
  watch(loader: Loader): Loader {
    return {
      load: async (deliveries, options) => {
        this.#underWay++;
        try {
          const report = await loader.load(deliveries, options);
          this.#add(report);
          return report;
        } finally {
          this.#underWay--;
        }
      },
      close: () => loader.close(),
    };
  }

  /** Says that the consumer is not idle, whatever it loads. */
  noteActivity(): void {
    this.#idleSinceMs = this.#now();
  }

  /**
   * For how long nothing new was loaded, in milliseconds; 0 while something is, or waits for the ledger. What is only tried again,
   * in vain, is nothing new.
   */
  get idleMs(): number {
    return this.#underWay > 0 ? 0 : this.#now() - this.#idleSinceMs;
  }

  /** The counts so far. */
  get report(): ConsumeReport {
    return {
      deliveries: this.#deliveries,
      written: this.#written,
      skipped: { ...this.#skipped },
      rejected: { ...this.#rejected },
      parked: this.#parked,
      handedBack: this.#handedBack.size,
    };
  }

  #add({ deliveries, failed, counts }: LoadReport): void {
    this.#deliveries += deliveries.length;
    this.#written += counts.written;
    addCounts(this.#skipped, counts.skipped);
    addCounts(this.#rejected, counts.rejected);
    const failedIds = new Set(failed.map(({ deliveryId }) => deliveryId));
    for (const { deliveryId, parked } of deliveries) {
      if (parked === true) this.#parked++;
      const hasFailedAgain = failedIds.has(deliveryId) && this.#handedBack.has(deliveryId);
      if (!hasFailedAgain) this.noteActivity();
      if (!failedIds.has(deliveryId)) this.#handedBack.delete(deliveryId);
      else if (this.#handedBack.size < HANDED_BACK_MAX) this.#handedBack.add(deliveryId);
    }
  }
}

function addCounts<K extends string>(
  sums: Partial<Record<K, number>>,
  counts: Readonly<Partial<Record<K, number>>>,
): void {
  for (const [key, n] of Object.entries(counts) as [K, number][]) {
    if (n > 0) sums[key] = (sums[key] ?? 0) + n;
  }
}
