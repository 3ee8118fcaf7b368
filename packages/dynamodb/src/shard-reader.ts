// SPDX-License-Identifier: MIT
import {
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
  type DynamoDBStreamsClient,
  type _Record,
} from "@aws-sdk/client-dynamodb-streams";
import {
  type Backoff,
  type Loader,
  SHARD_END,
  type ShardTask,
  backoffMs,
  isTransient,
  pause,
} from "@ledger-loader/core";
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { DynamoDbContext } from "./dynamodb-options";
import { toDelivery } from "./handler";
import { toLambdaRecord } from "./lambda-record";
import { StreamTrimmedError } from "./stream-errors";

/** What the readers of one stream share. */
export interface ReaderOptions {
  readonly client: Pick<DynamoDBStreamsClient, "send">;
  readonly streamArn: string;
  readonly loader: Loader;
  readonly context: DynamoDbContext;
  readonly pollIntervalMs: number;
  readonly backoff: Backoff;
  readonly batchSizeMax: number;
  readonly onTrimmed: "fail" | "continue";
}

/** Reads one shard, from its checkpoint to its end or until it is told to stop. */
export class ShardReader {
  readonly #options: ReaderOptions;
  readonly #task: ShardTask;
  /** The last sequence number that is done with. */
  #after: string | undefined;
  #iterator: string | undefined;
  #failures = 0;
  /** Whether another consumer reads the shard now. */
  #isLost = false;

  constructor(options: ReaderOptions, task: ShardTask) {
    this.#options = options;
    this.#task = task;
    this.#after = task.after;
  }

  /**
   * Reads until the shard's end, until the shard is another consumer's, or until the signal is raised.
   *
   * @throws StreamTrimmedError if changes are lost and that was not allowed; what the client or the loader throws for
   *   reasons that do not pass.
   */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#isLost) {
      try {
        if (await this.#readPage(signal)) return;
      } catch (error) {
        await this.#recover(error, signal);
      }
    }
  }

  /** Loads one page; returns whether it was the last of the shard. */
  async #readPage(signal: AbortSignal): Promise<boolean> {
    const { client, batchSizeMax, pollIntervalMs } = this.#options;
    this.#iterator ??= await this.#openIterator();
    const command = new GetRecordsCommand({ ShardIterator: this.#iterator, Limit: batchSizeMax });
    const { Records = [], NextShardIterator } = await client.send(command);
    const isLoaded = Records.length === 0 || (await this.#load(Records, signal));
    // The service does not say how far behind a reader is: an empty page is the nearest there is. What failed must wait.
    this.#task.noteCaughtUp(Records.length === 0 || !isLoaded);
    if (!isLoaded) {
      // Read again from there: what follows a failed record in its shard waits for it.
      this.#iterator = undefined;
      await pause(backoffMs(++this.#failures, this.#options.backoff), signal);
      return false;
    }
    this.#failures = 0;
    this.#iterator = NextShardIterator;
    if (NextShardIterator === undefined) {
      await this.#task.checkpoint(SHARD_END);
      return true;
    }
    if (Records.length === 0) await pause(pollIntervalMs, signal);
    return false;
  }

  /** Loads records and keeps how far that went; returns whether it went to the last. */
  async #load(records: readonly _Record[], signal: AbortSignal): Promise<boolean> {
    const { loader, context, streamArn } = this.#options;
    const deliveries = records.map((record) => toDelivery(toLambdaRecord(record, streamArn), context));
    const { failed } = await loader.load(deliveries, { onFailure: "continue", signal });
    const [first] = failed;
    const done = first
      ? deliveries.findIndex(({ deliveryId }) => deliveryId === first.deliveryId)
      : deliveries.length;
    const last = deliveries[done - 1]?.deliveryId;
    if (last !== undefined) {
      this.#after = last;
      this.#isLost = !(await this.#task.checkpoint(last));
    }
    return first === undefined;
  }

  async #openIterator(): Promise<string | undefined> {
    const { client, streamArn } = this.#options;
    const place = { StreamArn: streamArn, ShardId: this.#task.shardId };
    const from =
      this.#after === undefined
        ? ({ ShardIteratorType: "TRIM_HORIZON" } as const)
        : ({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: this.#after } as const);
    try {
      return (await client.send(new GetShardIteratorCommand({ ...place, ...from }))).ShardIterator;
    } catch (error) {
      if (!(error instanceof TrimmedDataAccessException)) throw error;
      this.#tellTrimmed(error);
      this.#after = undefined;
      return this.#openIterator();
    }
  }

  /** Says that changes are lost; returns if reading may go on nevertheless. */
  #tellTrimmed(cause: unknown): void {
    const { onTrimmed, context } = this.#options;
    const { shardId } = this.#task;
    const trimmed = new StreamTrimmedError(shardId, this.#after, cause);
    if (onTrimmed === "fail") throw trimmed;
    context.logger.error(
      { shard: shardId, code: trimmed.code },
      "changes are lost: going on with what is left",
    );
  }

  /** Decides whether reading can go on after an error, and waits until then. */
  async #recover(error: unknown, signal: AbortSignal): Promise<void> {
    this.#iterator = undefined;
    if (error instanceof ExpiredIteratorException) return;
    if (error instanceof TrimmedDataAccessException) {
      // An iterator lives for 15 minutes, and points to what may be trimmed meanwhile. A new one tells that where it follows
      // a record; at the shard's beginning it would just be at what is left.
      if (this.#after === undefined) this.#tellTrimmed(error);
      return;
    }
    const isRetryable = error instanceof LedgerLoaderError ? error.retryable : isTransient(error);
    if (!isRetryable) throw error;
    this.#failures++;
    const { context, backoff } = this.#options;
    const found = error instanceof Error ? error.name : typeof error;
    context.logger.warn(
      { shard: this.#task.shardId, error: found, attempt: this.#failures },
      "shard: trying again",
    );
    await pause(backoffMs(this.#failures, backoff), signal);
  }
}
