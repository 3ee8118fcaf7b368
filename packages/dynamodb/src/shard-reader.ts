// SPDX-License-Identifier: MIT
import {
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
  type DynamoDBStreamsClient,
  type _Record,
} from "@aws-sdk/client-dynamodb-streams";
import type { CheckpointStore, Loader } from "@ledger-loader/core";
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { DynamoDbContext } from "./dynamodb-options";
import { toDelivery } from "./handler";
import { toLambdaRecord } from "./lambda-record";
import { delayAfter, pause } from "./pause";
import { StreamTrimmedError } from "./stream-errors";
import { isTransient } from "./transient";

/** The checkpoint of a shard that has been read to its end. */
export const SHARD_END = "SHARD_END";

/** What the readers of one stream share. */
export interface ReaderOptions {
  readonly client: Pick<DynamoDBStreamsClient, "send">;
  readonly streamArn: string;
  readonly loader: Loader;
  readonly checkpoints: CheckpointStore;
  readonly context: DynamoDbContext;
  readonly pollIntervalMs: number;
  readonly retryDelayMs: number;
  readonly batchSizeMax: number;
  readonly onTrimmed: "fail" | "continue";
}

/** Reads one shard, from its checkpoint to its end or until it is told to stop. */
export class ShardReader {
  readonly #options: ReaderOptions;
  readonly #shardId: string;
  /** The last sequence number that is done with. */
  #after: string | undefined;
  #iterator: string | undefined;
  #failures = 0;

  constructor(options: ReaderOptions, shardId: string, after: string | undefined) {
    this.#options = options;
    this.#shardId = shardId;
    this.#after = after;
  }

  /**
   * Returns whether the shard has come to its end.
   *
   * @throws StreamTrimmedError if changes are lost and that was not allowed; what the client or the loader throws for
   *   reasons that do not pass.
   */
  async run(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      try {
        if (await this.#readPage(signal)) return true;
      } catch (error) {
        await this.#recover(error, signal);
      }
    }
    return false;
  }

  /** Loads one page; returns whether it was the last of the shard. */
  async #readPage(signal: AbortSignal): Promise<boolean> {
    const { client, batchSizeMax, pollIntervalMs, checkpoints } = this.#options;
    this.#iterator ??= await this.#openIterator();
    const command = new GetRecordsCommand({ ShardIterator: this.#iterator, Limit: batchSizeMax });
    const { Records = [], NextShardIterator } = await client.send(command);
    if (Records.length > 0 && !(await this.#load(Records, signal))) {
      // Read again from there: what follows a failed record in its shard waits for it.
      this.#iterator = undefined;
      await pause(delayAfter(++this.#failures, this.#options.retryDelayMs), signal);
      return false;
    }
    this.#failures = 0;
    this.#iterator = NextShardIterator;
    if (NextShardIterator === undefined) {
      await checkpoints.write(this.#shardId, SHARD_END);
      return true;
    }
    if (Records.length === 0) await pause(pollIntervalMs, signal);
    return false;
  }

  /** Loads records and keeps how far that went; returns whether it went to the last. */
  async #load(records: readonly _Record[], signal: AbortSignal): Promise<boolean> {
    const { loader, context, streamArn, checkpoints } = this.#options;
    const deliveries = records.map((record) => toDelivery(toLambdaRecord(record, streamArn), context));
    const { failed } = await loader.load(deliveries, { onFailure: "continue", signal });
    const [first] = failed;
    const done = first
      ? deliveries.findIndex(({ deliveryId }) => deliveryId === first.deliveryId)
      : deliveries.length;
    const last = deliveries[done - 1]?.deliveryId;
    if (last !== undefined) {
      await checkpoints.write(this.#shardId, last);
      this.#after = last;
    }
    return first === undefined;
  }

  async #openIterator(): Promise<string | undefined> {
    const { client, streamArn, onTrimmed, context } = this.#options;
    const place = { StreamArn: streamArn, ShardId: this.#shardId };
    const from =
      this.#after === undefined
        ? ({ ShardIteratorType: "TRIM_HORIZON" } as const)
        : ({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: this.#after } as const);
    try {
      return (await client.send(new GetShardIteratorCommand({ ...place, ...from }))).ShardIterator;
    } catch (error) {
      if (!(error instanceof TrimmedDataAccessException)) throw error;
      const trimmed = new StreamTrimmedError(this.#shardId, this.#after, error);
      if (onTrimmed === "fail") throw trimmed;
      context.logger.error(
        { shard: this.#shardId, code: trimmed.code },
        "changes are lost: going on with what is left",
      );
      this.#after = undefined;
      return this.#openIterator();
    }
  }

  /** Decides whether reading can go on after an error, and waits until then. */
  async #recover(error: unknown, signal: AbortSignal): Promise<void> {
    this.#iterator = undefined;
    // An iterator lives for 15 minutes, and points to what may be trimmed meanwhile: a new one tells.
    if (error instanceof ExpiredIteratorException) return;
    if (error instanceof TrimmedDataAccessException) return;
    const isRetryable = error instanceof LedgerLoaderError ? error.retryable : isTransient(error);
    if (!isRetryable) throw error;
    this.#failures++;
    const { context, retryDelayMs } = this.#options;
    const found = error instanceof Error ? error.name : typeof error;
    context.logger.warn(
      { shard: this.#shardId, error: found, attempt: this.#failures },
      "shard: trying again",
    );
    await pause(delayAfter(this.#failures, retryDelayMs), signal);
  }
}
