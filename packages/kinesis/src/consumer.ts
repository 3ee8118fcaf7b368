// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { decodeEvents, silentLogger, type Consumer, type Loader, type Logger } from "@ledger-loader/core";
import type { CheckpointStore, ShardLease } from "./checkpoint-store";
import { LeaseKeeper } from "./lease-keeper";
import { listShards } from "./list-shards";
import { ShardReader } from "./shard-reader";
import { ShardWorker } from "./shard-worker";
import type { RecordDecoder } from "./stream-record";
import { isTransient } from "./transient";

/** What is read, and where to. */
export interface KinesisConsumerOptions {
  readonly client: KinesisClient;
  readonly streamName: string;
  /** SHOULD be one of `retryOutages` and `parkFailures`: an outage ends the consumer, a bad record holds up its checkpoint. */
  readonly loader: Loader;
  /** Keeps leases and checkpoints; consumers that share it share the shards. */
  readonly checkpoints: CheckpointStore;
  /** What a record holds: `decodeEvents`, or `decodeQldbStreamRecord` for a ledger's stream. Default: `decodeEvents`. */
  readonly decode?: RecordDecoder;
  /** Where to begin in shards without a checkpoint. Default: with the oldest record that the stream still has. */
  readonly startAt?: Date;
  /** Records per read at most. Default: 1,000. */
  readonly recordsMax?: number;
  /** Records of a shard that may wait for something before the consumer reads no further. Default: 10,000. */
  readonly waitingMax?: number;
  /** From one read of a shard to the next, in milliseconds: Kinesis allows five per second. Default: 250. */
  readonly pollMs?: number;
  /** How long a lease holds that is not renewed, in milliseconds; it is renewed three times as often. Default: 15,000. */
  readonly leaseMs?: number;
  /** @defaultValue a logger that keeps silent */
  readonly logger?: Logger;
}

/**
 * Makes a consumer of all shards of a stream, or of its share where others use the same checkpoint store.
 *
 * When it is stopped it ends what is under way, notes how far it came and gives back its leases. It throws what the loader
 * or the store threw, or the SDK for a reason that does not pass; what was not noted comes again.
 */
export function createKinesisConsumer(options: KinesisConsumerOptions): Consumer {
  return { run: (signal) => new Consumption(options, signal).run() };
}

/** One call of `run`. */
class Consumption {
  readonly #options: KinesisConsumerOptions;
  readonly #leaseMs: number;
  readonly #logger: Logger;
  readonly #keeper: LeaseKeeper;
  readonly #workers = new Map<string, { readonly stop: AbortController; readonly end: Promise<void> }>();
  readonly #failed = new AbortController();
  readonly #stopped: AbortSignal;
  /** Raised when a shard ends, so that its children can be read now, and when the consumer stops. */
  #wake = new AbortController();
  #failure: { readonly cause: unknown } | undefined;

  constructor(options: KinesisConsumerOptions, signal: AbortSignal) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? 15_000;
    this.#logger = options.logger ?? silentLogger;
    this.#keeper = new LeaseKeeper(options.checkpoints, randomUUID(), this.#leaseMs);
    this.#stopped = AbortSignal.any([signal, this.#failed.signal]);
    // One listener for good: a signal made of this one for every round would stay behind each time.
    this.#stopped.addEventListener("abort", () => {
      this.#wake.abort();
    });
  }

  async run(): Promise<void> {
    try {
      while (!this.#stopped.aborted) {
        this.#wake = new AbortController();
        await this.#sync();
        await sleep(this.#leaseMs / 3, undefined, { signal: this.#wake.signal }).catch(() => undefined);
      }
    } finally {
      this.#failed.abort();
      const shardIds = [...this.#workers.keys()];
      await Promise.all([...this.#workers.values()].map(({ end }) => end));
      for (const shardId of shardIds) await this.#keeper.release(shardId).catch(() => undefined);
    }
    if (this.#failure !== undefined) throw this.#failure.cause;
  }

  async #sync(): Promise<void> {
    try {
      const { client, streamName } = this.#options;
      const held = await this.#keeper.sync(await listShards(client, streamName));
      for (const [shardId, { stop }] of this.#workers) if (!this.#keeper.holds(shardId)) stop.abort();
      for (const lease of held) if (!this.#workers.has(lease.shardId)) this.#start(lease);
    } catch (error) {
      // Leases that are not renewed in time go to others; whoever comes late finds that out at its next checkpoint.
      if (!isTransient(error)) throw error;
      this.#logger.warn({ error: (error as Error).name }, "shards could not be listed: trying again");
    }
  }

  #start({ shardId, checkpoint }: ShardLease): void {
    this.#logger.info({ shardId, checkpoint }, "reading shard");
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#stopped, stop.signal]);
    const end = this.#work(shardId, checkpoint, signal)
      .catch((cause: unknown) => {
        this.#failure ??= { cause };
        this.#failed.abort();
      })
      .finally(() => {
        // While the consumer stops, it still has to give the lease back.
        if (!this.#stopped.aborted) this.#workers.delete(shardId);
        this.#wake.abort();
      });
    this.#workers.set(shardId, { stop, end });
  }

  async #work(shardId: string, after: string | undefined, signal: AbortSignal): Promise<void> {
    const { client, streamName, loader, decode = decodeEvents, startAt, recordsMax = 1_000 } = this.#options;
    const { waitingMax = 10_000, pollMs = 250 } = this.#options;
    const reader = new ShardReader({
      client,
      streamName,
      shardId,
      recordsMax,
      logger: this.#logger,
      ...(after === undefined ? {} : { after }),
      ...(startAt === undefined ? {} : { startAt }),
    });
    const worker = new ShardWorker({
      reader,
      loader,
      decode,
      waitingMax,
      pollMs,
      checkpoint: (sequenceNumber) => this.#keeper.checkpoint(shardId, sequenceNumber),
    });
    await worker.run(signal);
    // At the shard's end the lease is given back; one that was lost is not held any more.
    if (!this.#stopped.aborted && this.#keeper.holds(shardId)) await this.#keeper.release(shardId);
  }
}
