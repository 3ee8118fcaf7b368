// SPDX-License-Identifier: MIT
import type { Consumer, Delivery, Loader, LoadReport, ShardStatus } from "@ledger-loader/core";

/** The counts of a shard's records that this worker has loaded since it started. */
interface ShardCounts {
  readonly loaded: number;
  readonly parked: number;
  /** Deliveries that failed in the last batch and are tried again. */
  readonly waiting: number;
  /** When the last batch was loaded. */
  readonly loadedAt: string;
  /** The age of the oldest delivery of the last batch, in milliseconds. */
  readonly lagMs: number | undefined;
}

/** A shard or partition: who reads it, how far, and what came of it. */
export type ShardLine = ShardStatus & Partial<ShardCounts>;

/** A page shows no more than these, the worker's own first. */
const SHARDS_MAX = 500;

/** Counts what is loaded of each shard. */
export class ShardBoard {
  readonly #now: () => number;
  readonly #counts = new Map<string, ShardCounts>();

  /** @param now - the time in milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The same loader, counted. MUST be outside of what parks. */
  watch(loader: Loader): Loader {
    return {
      load: async (deliveries, options) => {
        const report = await loader.load(deliveries, options);
        this.#add(deliveries, report);
        return report;
      },
      close: () => loader.close(),
    };
  }

  /** The shards that a consumer knows; none for a channel without shards. */
  linesOf(consumer: Pick<Consumer, "shards"> | undefined): readonly ShardLine[] {
    const shards = consumer?.shards?.() ?? [];
    return [...shards]
      .sort((a, b) => rankOf(a) - rankOf(b))
      .slice(0, SHARDS_MAX)
      .map((shard) => ({ ...shard, ...this.#counts.get(shard.shardId) }));
  }

  #add(deliveries: readonly Delivery[], report: LoadReport): void {
    const byShard = new Map<string, number[]>();
    for (const [at, { shardId }] of deliveries.entries()) {
      if (shardId === undefined) continue;
      const places = byShard.get(shardId) ?? [];
      if (places.push(at) === 1) byShard.set(shardId, places);
    }
    const failed = new Set(report.failed.map(({ deliveryId }) => deliveryId));
    for (const [shardId, places] of byShard) {
      const before = this.#counts.get(shardId);
      const waiting = places.filter((at) => failed.has(deliveries[at]?.deliveryId ?? "")).length;
      const parked = places.filter((at) => report.deliveries[at]?.parked === true).length;
      const sentAt = places.flatMap((at) => deliveries[at]?.sentAtMs ?? []);
      const now = this.#now();
      this.#counts.set(shardId, {
        loaded: (before?.loaded ?? 0) + places.length - waiting - parked,
        parked: (before?.parked ?? 0) + parked,
        waiting,
        loadedAt: new Date(now).toISOString(),
        lagMs: sentAt.length === 0 ? undefined : now - sentAt.reduce((a, b) => Math.min(a, b)),
      });
    }
  }
}

function rankOf({ reader, hasEnded }: ShardStatus): number {
  if (hasEnded) return 3;
  return { this: 0, none: 1, another: 2 }[reader];
}
