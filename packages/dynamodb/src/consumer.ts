// SPDX-License-Identifier: MIT
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  type Shard,
  type StreamDescription,
} from "@aws-sdk/client-dynamodb-streams";
import {
  type AwsClient,
  type Backoff,
  type CheckpointStore,
  type Consumer,
  LEASE_MS,
  type Loader,
  OutageLog,
  SHARD_END,
  type ShardListing,
  backoffMs,
  createShardConsumer,
  isTransient,
  pause,
} from "@ledger-loader/core";
import { toContext, type DynamoDbContext, type DynamoDbOptions } from "./dynamodb-options";
import { hasNewImage } from "./item-change";
import { ShardReader, type ReaderOptions } from "./shard-reader";
import { StreamTrimmedError, StreamViewTypeError } from "./stream-errors";

/** How a table's stream is read without Lambda. */
export interface DynamoDbConsumerOptions extends DynamoDbOptions {
  readonly client: AwsClient;
  /** The table's `LatestStreamArn`. */
  readonly streamArn: string;
  /** Where the changes go; wrap it with `parkFailures`, or one bad record holds up its shard. */
  readonly loader: Loader;
  /**
   * Keeps leases and how far each shard has been read; consumers that share it share the shards. Without a checkpoint, a shard
   * is read from the oldest record that it has.
   */
  readonly checkpoints: CheckpointStore;
  /** How long a lease holds that is not renewed, in milliseconds; it is renewed three times as often. @defaultValue `15_000` */
  readonly leaseMs?: number;
  /** The pause after a shard had nothing new, in milliseconds. @defaultValue `1_000` */
  readonly pollIntervalMs?: number;
  /** How often new shards are looked for, in milliseconds, besides when one ends. @defaultValue `60_000` */
  readonly shardIntervalMs?: number;
  /** The first pause after a failure, in milliseconds; it doubles up to 30 s. @defaultValue `200` */
  readonly retryDelayMs?: number;
  /** Records that are loaded together, up to 1,000. @defaultValue `1_000` */
  readonly batchSizeMax?: number;
  /**
   * The reaction to records that were not read within their 24 hours: changes may be lost. `continue` says so in the log and
   * goes on with the oldest record there is. @defaultValue `"fail"`
   */
  readonly onTrimmed?: "fail" | "continue";
}

const POLL_INTERVAL_MS = 1_000;
const SHARD_INTERVAL_MS = 60_000;
const RETRY_DELAY_MS = 200;
const RETRY_DELAY_MAX_MS = 30_000;
const BATCH_SIZE_MAX = 1_000;

const TEXTS = { away: "shards make no progress: trying again", back: "all shards make progress again" };

/**
 * Makes a consumer of a table's stream, or of its share where others use the same checkpoint store: all open shards at once, a
 * parent to its end before its children, from checkpoints that are kept after the ledger's commit. DynamoDB allows two readers
 * per shard: consumers that are to read one stream MUST share a store.
 *
 * `run` ends too when the stream was switched off and is read to its end. It throws StreamViewTypeError if the stream does
 * not tell what is needed, and StreamTrimmedError if changes may be lost.
 */
export function createDynamoDbConsumer(options: DynamoDbConsumerOptions): Consumer {
  const context = toContext(options, "UPDATE");
  const { client, streamArn, loader, checkpoints, leaseMs = LEASE_MS, onTrimmed = "fail" } = options;
  const backoff = { delayMs: options.retryDelayMs ?? RETRY_DELAY_MS, delayMaxMs: RETRY_DELAY_MAX_MS };
  const reading: ReaderOptions = {
    client,
    streamArn,
    loader,
    context,
    outage: new OutageLog(context.logger, TEXTS),
    pollIntervalMs: options.pollIntervalMs ?? POLL_INTERVAL_MS,
    backoff,
    batchSizeMax: options.batchSizeMax ?? BATCH_SIZE_MAX,
    onTrimmed,
  };
  const describe = (signal: AbortSignal): Promise<StreamDescription | undefined> =>
    describeStream({ client, streamArn, backoff }, signal);
  const consumer = createShardConsumer({
    checkpoints,
    leaseMs,
    logger: context.logger,
    list: async (signal) => toListing(await describe(signal)),
    listEveryMs: options.shardIntervalMs ?? SHARD_INTERVAL_MS,
    read: (task, signal) => new ShardReader(reading, task).run(signal),
    isTransient,
  });
  return {
    ...consumer,
    run: async (signal) => {
      const stream = await describe(signal);
      if (stream === undefined) return;
      checkViewType(stream, reading);
      await noticeTrimmed(stream.Shards ?? [], checkpoints, reading);
      await consumer.run(signal);
    },
  };
}

function toListing({ Shards = [], StreamStatus }: StreamDescription = {}): ShardListing {
  const shards = Shards.map(({ ShardId = "", ParentShardId }) => ({
    shardId: ShardId,
    parentIds: ParentShardId === undefined ? [] : [ParentShardId],
  }));
  return { shards, isClosed: StreamStatus === "DISABLED" };
}

/** Notices shards that were trimmed before they were read to their end. */
async function noticeTrimmed(
  shards: readonly Shard[],
  store: CheckpointStore,
  { onTrimmed, context }: ReaderOptions,
): Promise<void> {
  const present = new Set(shards.map(({ ShardId }) => ShardId));
  for (const lease of await store.read()) {
    const { shardId, checkpoint } = lease;
    if (present.has(shardId) || checkpoint === SHARD_END) continue;
    const trimmed = new StreamTrimmedError(shardId, checkpoint);
    if (onTrimmed === "fail") throw trimmed;
    context.logger.error({ shard: shardId, code: trimmed.code }, "changes may be lost: the shard is gone");
    await store.remove(lease);
  }
}

interface StreamPlace {
  readonly client: AwsClient;
  readonly streamArn: string;
  readonly backoff: Backoff;
}

/** Describes the stream with all its shards; `undefined` if the signal was raised first. */
async function describeStream(
  place: StreamPlace,
  signal: AbortSignal,
): Promise<StreamDescription | undefined> {
  const shards: Shard[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await describePage(place, after, signal);
    if (page === undefined) return undefined;
    shards.push(...(page.Shards ?? []));
    after = page.LastEvaluatedShardId;
    if (after === undefined) return { ...page, Shards: shards };
  }
}

/** Tries again page by page: a stream of many shards has many. */
async function describePage(
  { client, streamArn, backoff }: StreamPlace,
  after: string | undefined,
  signal: AbortSignal,
): Promise<StreamDescription | undefined> {
  const command = new DescribeStreamCommand({ StreamArn: streamArn, ExclusiveStartShardId: after });
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      return (await (client as DynamoDBStreamsClient).send(command)).StreamDescription ?? {};
    } catch (error) {
      if (!isTransient(error)) throw error;
      await pause(backoffMs(attempt, backoff), signal);
    }
  }
  return undefined;
}

function checkViewType(
  { StreamViewType: viewType }: StreamDescription,
  { streamArn, context }: { readonly streamArn: string; readonly context: DynamoDbContext },
): void {
  const found = viewType ?? "none";
  if (!hasNewImage(viewType)) {
    const expected = "NEW_IMAGE or NEW_AND_OLD_IMAGES";
    throw new StreamViewTypeError(streamArn, expected, found, "it does not tell what an item became");
  }
  if (
    typeof context.expiry === "object" &&
    context.eventAttribute === undefined &&
    viewType !== "NEW_AND_OLD_IMAGES"
  ) {
    throw new StreamViewTypeError(streamArn, "NEW_AND_OLD_IMAGES", found, "expired items cannot be archived");
  }
}
