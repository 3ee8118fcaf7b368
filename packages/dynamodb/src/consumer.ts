// SPDX-License-Identifier: MIT
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  type Shard,
  type StreamDescription,
} from "@aws-sdk/client-dynamodb-streams";
import type { CheckpointStore, Consumer, Loader } from "@ledger-loader/core";
import { toContext, type DynamoDbContext, type DynamoDbOptions } from "./dynamodb-options";
import { hasNewImage } from "./item-change";
import { delayAfter, pause } from "./pause";
import { readyShards } from "./shard-lineage";
import { SHARD_END, ShardReader, type ReaderOptions } from "./shard-reader";
import { StreamTrimmedError, StreamViewTypeError } from "./stream-errors";
import { isTransient } from "./transient";

/** How a table's stream is read without Lambda. */
export interface DynamoDbConsumerOptions extends DynamoDbOptions {
  readonly client: Pick<DynamoDBStreamsClient, "send">;
  /** The table's `LatestStreamArn`. */
  readonly streamArn: string;
  /** Where the changes go; wrap it with `parkFailures`, or one bad record holds up its shard. */
  readonly loader: Loader;
  /** How far each shard has been read. Without a checkpoint, a shard is read from the oldest record that it has. */
  readonly checkpoints: CheckpointStore;
  /** The pause after a shard had nothing new, in milliseconds. @defaultValue `1_000` */
  readonly pollIntervalMs?: number;
  /** How often new shards are looked for, in milliseconds, besides when one ends. @defaultValue `60_000` */
  readonly shardIntervalMs?: number;
  /** The first pause after a failure, in milliseconds; it doubles up to 30 s. @defaultValue `200` */
  readonly retryDelayMs?: number;
  /** Records that are loaded together, up to 1,000. @defaultValue `1_000` */
  readonly batchSizeMax?: number;
  /**
   * What to do when records were not read within their 24 hours: changes may be lost. `continue` says so in the log and
   * goes on with the oldest record there is. @defaultValue `"fail"`
   */
  readonly onTrimmed?: "fail" | "continue";
}

const POLL_INTERVAL_MS = 1_000;
const SHARD_INTERVAL_MS = 60_000;
const RETRY_DELAY_MS = 200;
const BATCH_SIZE_MAX = 1_000;

/**
 * Makes a consumer of a table's stream: all open shards at once, a parent to its end before its children, from checkpoints
 * that are kept after the ledger's commit. Run one per stream: DynamoDB allows two readers per shard.
 *
 * `run` ends too when the stream was switched off and is read to its end. It throws StreamViewTypeError if the stream does
 * not tell what is needed, and StreamTrimmedError if changes may be lost.
 */
export function createDynamoDbConsumer(options: DynamoDbConsumerOptions): Consumer {
  const context = toContext(options, "UPDATE");
  const reading: ReaderOptions = {
    client: options.client,
    streamArn: options.streamArn,
    loader: options.loader,
    checkpoints: options.checkpoints,
    context,
    pollIntervalMs: options.pollIntervalMs ?? POLL_INTERVAL_MS,
    retryDelayMs: options.retryDelayMs ?? RETRY_DELAY_MS,
    batchSizeMax: options.batchSizeMax ?? BATCH_SIZE_MAX,
    onTrimmed: options.onTrimmed ?? "fail",
  };
  const shardIntervalMs = options.shardIntervalMs ?? SHARD_INTERVAL_MS;
  return { run: (signal) => new StreamRun(reading, shardIntervalMs).run(signal) };
}

/** One run over a stream's shards. */
class StreamRun {
  readonly #options: ReaderOptions;
  readonly #shardIntervalMs: number;
  readonly #finished = new Set<string>();
  readonly #reading = new Map<string, Promise<void>>();
  /** Raised when a shard cannot be read on: the others stop, too. */
  readonly #failure = new AbortController();
  /** Raised when a shard has ended: its children can be read. */
  #ended = new AbortController();
  #error: Error | undefined;

  constructor(options: ReaderOptions, shardIntervalMs: number) {
    this.#options = options;
    this.#shardIntervalMs = shardIntervalMs;
  }

  async run(signal: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([signal, this.#failure.signal]);
    try {
      const checkpoints = await this.#options.checkpoints.read();
      let stream = await this.#describe(stop);
      if (stream === undefined) return;
      checkViewType(stream, this.#options);
      await this.#adopt(checkpoints, stream.Shards ?? []);
      while (stream !== undefined && !stop.aborted) {
        this.#startReaders(stream.Shards ?? [], checkpoints, stop);
        if (stream.StreamStatus === "DISABLED" && this.#reading.size === 0) return;
        await pause(this.#shardIntervalMs, AbortSignal.any([stop, this.#ended.signal]));
        this.#ended = new AbortController();
        stream = await this.#describe(stop);
      }
    } finally {
      this.#failure.abort();
      await Promise.all(this.#reading.values());
    }
    if (this.#error !== undefined) throw this.#error;
  }

  #startReaders(shards: readonly Shard[], checkpoints: ReadonlyMap<string, string>, stop: AbortSignal): void {
    for (const shardId of readyShards(shards, this.#finished)) {
      if (this.#reading.has(shardId)) continue;
      const reader = new ShardReader(this.#options, shardId, checkpoints.get(shardId));
      this.#reading.set(shardId, this.#read(reader, shardId, stop));
    }
  }

  /** Never rejects: the first error ends the run, which throws it. */
  async #read(reader: ShardReader, shardId: string, stop: AbortSignal): Promise<void> {
    try {
      if (!(await reader.run(stop))) return;
      this.#finished.add(shardId);
      this.#ended.abort();
    } catch (error) {
      this.#error ??= error instanceof Error ? error : new Error(String(error));
      this.#failure.abort();
    } finally {
      this.#reading.delete(shardId);
    }
  }

  /** Takes over what earlier runs have done, and notices shards that were trimmed before they were read. */
  async #adopt(checkpoints: ReadonlyMap<string, string>, shards: readonly Shard[]): Promise<void> {
    const { onTrimmed, context, checkpoints: store } = this.#options;
    const present = new Set(shards.map(({ ShardId }) => ShardId));
    for (const [shardId, checkpoint] of checkpoints) {
      if (checkpoint === SHARD_END) this.#finished.add(shardId);
      if (present.has(shardId)) continue;
      if (checkpoint !== SHARD_END) {
        const trimmed = new StreamTrimmedError(shardId, checkpoint);
        if (onTrimmed === "fail") throw trimmed;
        context.logger.error(
          { shard: shardId, code: trimmed.code },
          "changes may be lost: the shard is gone",
        );
      }
      await store.remove(shardId);
    }
  }

  /** Describes the stream with all its shards; `undefined` if the signal was raised first. */
  async #describe(signal: AbortSignal): Promise<StreamDescription | undefined> {
    const shards: Shard[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await this.#describePage(after, signal);
      if (page === undefined) return undefined;
      shards.push(...(page.Shards ?? []));
      after = page.LastEvaluatedShardId;
      if (after === undefined) return { ...page, Shards: shards };
    }
  }

  /** Tries again page by page: a stream of many shards has many. */
  async #describePage(
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<StreamDescription | undefined> {
    const { client, streamArn, retryDelayMs } = this.#options;
    const command = new DescribeStreamCommand({ StreamArn: streamArn, ExclusiveStartShardId: after });
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        return (await client.send(command)).StreamDescription ?? {};
      } catch (error) {
        if (!isTransient(error)) throw error;
        await pause(delayAfter(attempt, retryDelayMs), signal);
      }
    }
    return undefined;
  }
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
