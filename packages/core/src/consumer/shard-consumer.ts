// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { pause } from "../aws/backoff";
import type { CheckpointStore, ShardLease } from "./checkpoint-store";
import type { Consumer, ShardStatus } from "./consumer";
import { LeaseKeeper, type StreamShard } from "./lease-keeper";
import type { Logger } from "../observe/logger";
import { OutageLog } from "../observe/outage-log";

/** The shards that a stream has. */
export interface ShardListing {
  readonly shards: readonly StreamShard[];
  /** True if no shard will get any more records, and no shard be added: the consumer ends when all are read. */
  readonly isClosed: boolean;
}

/** A shard to be read, and how its reader gives account. */
export interface ShardTask {
  readonly shardId: string;
  /** Where to go on: behind this record. Absent: at the beginning. */
  readonly after: string | undefined;
  /** Notes how far the shard was read, or `SHARD_END`; `false`: another consumer reads it now, so stop. */
  readonly checkpoint: (checkpoint: string) => Promise<boolean>;
  /** Says whether everything that stands in the shard by now was taken, or cannot be taken at present. */
  readonly noteCaughtUp: (isCaughtUp: boolean) => void;
}

/** The parts of a stream's consumer. */
export interface ShardConsumerOptions {
  /** Keeps leases and checkpoints; consumers that share it share the shards. */
  readonly checkpoints: CheckpointStore;
  /** How long a lease holds that is not renewed, in milliseconds; it is renewed three times as often. */
  readonly leaseMs: number;
  readonly logger: Logger;
  /** Lists all of the stream's shards; ended ones that it does not name are forgotten. Asked before anything else, when a shard has ended and every `listEveryMs`. */
  readonly list: (signal: AbortSignal) => Promise<ShardListing>;
  /** Default: whenever leases are renewed. */
  readonly listEveryMs?: number;
  /** Reads a shard until its end, until `checkpoint` says `false` or the signal is raised. */
  readonly read: (task: ShardTask, signal: AbortSignal) => Promise<void>;
  /** True if an error of `list` may pass. */
  readonly isTransient: (error: unknown) => boolean;
}

/** How long the consumer of a stream may be silent before others take its shards, in milliseconds. */
export const LEASE_MS = 15_000;

const TEXTS = {
  away: "shards or leases cannot be read: trying again",
  back: "shards and leases are read again",
};

/**
 * Makes a consumer of all shards of a stream, or of its share where others use the same checkpoint store: each shard is read
 * by one consumer at a time, parents to their end before their children.
 *
 * When it is stopped it lets the readers end, and gives back its leases. It throws what `list`, a reader or the store threw,
 * unless that may pass; what was not noted comes again.
 */
export function createShardConsumer(options: ShardConsumerOptions): Consumer {
  const runs = new Set<Consumption>();
  return {
    run: async (signal) => {
      const consumption = new Consumption(options, signal);
      runs.add(consumption);
      await consumption.run().finally(() => runs.delete(consumption));
    },
    isCatchingUp: () => [...runs].some((run) => run.isCatchingUp),
    shards: () => [...runs].flatMap((run) => run.shards),
  };
}

interface Worker {
  readonly stop: AbortController;
  end: Promise<void>;
  isCaughtUp: boolean;
}

/** One call of `run`. */
class Consumption {
  readonly #options: ShardConsumerOptions;
  readonly #keeper: LeaseKeeper;
  readonly #workers = new Map<string, Worker>();
  readonly #failed = new AbortController();
  readonly #stopped: AbortSignal;
  readonly #outage: OutageLog;
  /** Raised when a shard ends, so that its children can be read now, and when the consumer stops. */
  #wake = new AbortController();
  #listing: ShardListing | undefined;
  /** Of the last listing, also while another one is asked for. */
  #shards: readonly StreamShard[] = [];
  #listedAtMs = 0;
  #failure: { readonly cause: unknown } | undefined;

  constructor(options: ShardConsumerOptions, signal: AbortSignal) {
    this.#options = options;
    this.#keeper = new LeaseKeeper(options.checkpoints, randomUUID(), options.leaseMs);
    this.#outage = new OutageLog(options.logger, TEXTS);
    this.#stopped = AbortSignal.any([signal, this.#failed.signal]);
    // One listener for good: a signal made of this one for every round would stay behind each time.
    this.#stopped.addEventListener("abort", () => {
      this.#wake.abort();
    });
  }

  get isCatchingUp(): boolean {
    return !this.#keeper.isSettled || [...this.#workers.values()].some(({ isCaughtUp }) => !isCaughtUp);
  }

  get shards(): readonly ShardStatus[] {
    return this.#shards.map(({ shardId }) => this.#keeper.statusOf(shardId));
  }

  async run(): Promise<void> {
    try {
      while (!this.#stopped.aborted) {
        this.#wake = new AbortController();
        await this.#sync();
        if (this.#isDone) break;
        await pause(this.#options.leaseMs / 3, this.#wake.signal);
      }
    } finally {
      this.#failed.abort();
      const shardIds = [...this.#workers.keys()];
      await Promise.all([...this.#workers.values()].map(({ end }) => end));
      for (const shardId of shardIds) await this.#keeper.release(shardId).catch(() => undefined);
    }
    if (this.#failure !== undefined) throw this.#failure.cause;
  }

  /** True if the stream will get nothing more, and everybody has read everything. */
  get #isDone(): boolean {
    return this.#listing?.isClosed === true && this.#workers.size === 0 && this.#keeper.hasEnded;
  }

  async #sync(): Promise<void> {
    try {
      const { shards } = await this.#list();
      // What was listed while being stopped need not be all there is.
      if (this.#stopped.aborted) return;
      const held = await this.#keeper.sync(shards);
      this.#outage.succeeded();
      for (const [shardId, { stop }] of this.#workers) if (!this.#keeper.holds(shardId)) stop.abort();
      for (const lease of held) if (!this.#workers.has(lease.shardId)) this.#start(lease);
    } catch (error) {
      // Leases that are not renewed in time go to others; whoever comes late finds that out at its next checkpoint.
      const mayPass = error instanceof LedgerLoaderError ? error.retryable : this.#options.isTransient(error);
      if (!mayPass) throw error;
      this.#outage.failed({ error: (error as Error).name });
    }
  }

  async #list(): Promise<ShardListing> {
    const { list, listEveryMs = 0 } = this.#options;
    const now = performance.now();
    if (this.#listing === undefined || now - this.#listedAtMs >= listEveryMs) {
      this.#listing = await list(this.#stopped);
      this.#shards = this.#listing.shards;
      this.#listedAtMs = now;
    }
    return this.#listing;
  }

  #start(lease: ShardLease): void {
    const { shardId, checkpoint } = lease;
    this.#options.logger.info({ shardId, checkpoint }, "reading shard");
    const stop = new AbortController();
    const worker: Worker = { stop, end: Promise.resolve(), isCaughtUp: false };
    this.#workers.set(shardId, worker);
    worker.end = this.#work(lease, worker, AbortSignal.any([this.#stopped, stop.signal]))
      .catch((cause: unknown) => {
        this.#failure ??= { cause };
        this.#failed.abort();
      })
      .finally(() => {
        // While the consumer stops, it still has to give the lease back.
        if (!this.#stopped.aborted) this.#workers.delete(shardId);
        this.#listing = undefined;
        this.#wake.abort();
      });
  }

  async #work(
    { shardId, checkpoint: after }: ShardLease,
    worker: Worker,
    signal: AbortSignal,
  ): Promise<void> {
    const task: ShardTask = {
      shardId,
      after,
      checkpoint: (checkpoint) => this.#keeper.checkpoint(shardId, checkpoint),
      noteCaughtUp: (isCaughtUp) => {
        worker.isCaughtUp = isCaughtUp;
      },
    };
    await this.#options.read(task, signal);
    // At the shard's end the lease is given back; one that was lost is not held any more.
    if (!this.#stopped.aborted && this.#keeper.holds(shardId)) await this.#keeper.release(shardId);
  }
}
