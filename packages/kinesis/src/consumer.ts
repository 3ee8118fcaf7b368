// SPDX-License-Identifier: MIT
import {
  type AwsClient,
  type CheckpointStore,
  type Consumer,
  LEASE_MS,
  type Loader,
  type Logger,
  OutageLog,
  type ShardListing,
  type ShardTask,
  createShardConsumer,
  decodeMessage,
  isTransient,
  silentLogger,
} from "@ledger-loader/core";
import { listShards } from "./list-shards";
import { ShardReader } from "./shard-reader";
import { ShardWorker } from "./shard-worker";
import type { RecordDecoder } from "./stream-record";

/** The stream to read, and the loader. */
export interface KinesisConsumerOptions {
  readonly client: AwsClient;
  readonly streamName: string;
  /** SHOULD be one of `retryOutages` and `parkFailures`: an outage ends the consumer, a bad record holds up its checkpoint. */
  readonly loader: Loader;
  /** Keeps leases and checkpoints; consumers that share it share the shards. */
  readonly checkpoints: CheckpointStore;
  /** The decoder of a record: `decodeMessage`, or `decodeQldbStreamRecord` for a ledger's stream. Default: `decodeMessage`. */
  readonly decode?: RecordDecoder | undefined;
  /** Where to begin in shards without a checkpoint. Default: with the oldest record that the stream still has. */
  readonly startAt?: Date | undefined;
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

const TEXTS = { away: "shards cannot be read: trying again", back: "all shards are read again" };

/**
 * Makes a consumer of all shards of a stream, or of its share where others use the same checkpoint store.
 *
 * When it is stopped it ends what is under way, notes how far it came and gives back its leases. It throws what the loader
 * or the store threw, or the SDK for a reason that does not pass; what was not noted comes again.
 */
export function createKinesisConsumer(options: KinesisConsumerOptions): Consumer {
  const { client, streamName, checkpoints, leaseMs = LEASE_MS, logger = silentLogger } = options;
  const outage = new OutageLog(logger, TEXTS);
  return createShardConsumer({
    checkpoints,
    leaseMs,
    logger,
    list: () => listing(client, streamName),
    read: (task, signal) =>
      readShard(task, { ...options, outage }, signal).finally(() => {
        outage.forget(task.shardId);
      }),
    isTransient,
  });
}

async function listing(client: AwsClient, streamName: string): Promise<ShardListing> {
  const shards = (await listShards(client, streamName)).map(
    ({ ShardId = "", ParentShardId, AdjacentParentShardId }) => ({
      shardId: ShardId,
      parentIds: [ParentShardId, AdjacentParentShardId].filter((parent) => parent !== undefined),
    }),
  );
  return { shards, isClosed: false };
}

function readShard(
  { shardId, after, checkpoint, noteCaughtUp }: ShardTask,
  options: KinesisConsumerOptions & { readonly outage: OutageLog },
  signal: AbortSignal,
): Promise<void> {
  const { client, streamName, loader, outage, decode = decodeMessage, startAt } = options;
  const { recordsMax = 1_000, waitingMax = 10_000, pollMs = 250 } = options;
  const reader = new ShardReader({
    client,
    streamName,
    shardId,
    recordsMax,
    outage,
    after,
    startAt,
  });
  const worker = new ShardWorker({ reader, loader, decode, waitingMax, pollMs, checkpoint, noteCaughtUp });
  return worker.run(signal);
}
