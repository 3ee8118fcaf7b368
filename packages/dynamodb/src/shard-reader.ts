// SPDX-License-Identifier: MIT
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type DynamoDBStreamsClient,
} from "@aws-sdk/client-dynamodb-streams";
import {
  type AwsClient,
  type Backoff,
  type Loader,
  OpenRecords,
  type OutageLog,
  SHARD_END,
  type ShardTask,
  backoffMs,
  isAwsError,
  isTransient,
  pause,
} from "@ledger-loader/core";
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { DynamoDbContext } from "./dynamodb-options";
import { toDelivery } from "./handler";
import { toLambdaRecord } from "./lambda-record";
import { StreamTrimmedError } from "./stream-errors";

/** DynamoDB's name for records that are older than the stream keeps them. */
const TRIMMED = "TrimmedDataAccessException";

/** The shared parts of one stream's readers. */
export interface ReaderOptions {
  readonly client: AwsClient;
  readonly streamArn: string;
  readonly loader: Loader;
  readonly context: DynamoDbContext;
  /** Told of each try, under the name of the shard. */
  readonly outage: OutageLog;
  readonly pollIntervalMs: number;
  readonly backoff: Backoff;
  readonly batchSizeMax: number;
  readonly onTrimmed: "fail" | "continue";
}

/** Reads one shard, from its checkpoint to its end or until it is told to stop. */
export class ShardReader {
  readonly #options: ReaderOptions;
  readonly #client: DynamoDBStreamsClient;
  readonly #task: ShardTask;
  readonly #records = new OpenRecords();
  /** The last sequence number that was read. */
  #after: string | undefined;
  #iterator: string | undefined;
  #isAtEnd = false;
  #failures = 0;
  /** True if another consumer reads the shard now. */
  #isLost = false;

  constructor(options: ReaderOptions, task: ShardTask) {
    this.#options = options;
    this.#client = options.client as DynamoDBStreamsClient;
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
    try {
      while (!signal.aborted && !this.#isLost) {
        try {
          if (await this.#step(signal)) return;
        } catch (error) {
          await this.#recover(error, signal);
        }
      }
    } finally {
      this.#options.outage.forget(this.#task.shardId);
    }
  }

  /** Loads a page, or again what of the last one failed; returns whether the shard is done with. */
  async #step(signal: AbortSignal): Promise<boolean> {
    const { loader, backoff, pollIntervalMs } = this.#options;
    // What follows a failed record in its shard waits for it.
    if (this.#records.count === 0 && !this.#isAtEnd) await this.#readPage();
    const isEmpty = this.#records.count === 0;
    await this.#records.load(loader, signal);
    this.#options.outage.succeeded(this.#task.shardId);
    const last = this.#records.takeDone();
    if (last !== undefined) this.#isLost = !(await this.#task.checkpoint(last));
    const hasFailed = this.#records.count > 0;
    // The service does not say how far behind a reader is: an empty page is the nearest there is. What failed must wait.
    this.#task.noteCaughtUp(isEmpty || hasFailed);
    this.#failures = hasFailed ? this.#failures + 1 : 0;
    if (hasFailed) await pause(backoffMs(this.#failures, backoff), signal);
    else if (this.#isAtEnd) await this.#task.checkpoint(SHARD_END);
    else if (isEmpty) await pause(pollIntervalMs, signal);
    return this.#isAtEnd && !hasFailed;
  }

  async #readPage(): Promise<void> {
    const { context, streamArn, batchSizeMax } = this.#options;
    this.#iterator ??= await this.#openIterator();
    const command = new GetRecordsCommand({ ShardIterator: this.#iterator, Limit: batchSizeMax });
    const { Records = [], NextShardIterator } = await this.#client.send(command);
    for (const record of Records) {
      const delivery = {
        ...toDelivery(toLambdaRecord(record, streamArn), context),
        shardId: this.#task.shardId,
      };
      this.#records.add(delivery.deliveryId, [delivery]);
      this.#after = delivery.deliveryId;
    }
    this.#iterator = NextShardIterator;
    this.#isAtEnd = NextShardIterator === undefined;
  }

  async #openIterator(): Promise<string | undefined> {
    const { streamArn } = this.#options;
    const place = { StreamArn: streamArn, ShardId: this.#task.shardId };
    const from =
      this.#after === undefined
        ? ({ ShardIteratorType: "TRIM_HORIZON" } as const)
        : ({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: this.#after } as const);
    try {
      return (await this.#client.send(new GetShardIteratorCommand({ ...place, ...from }))).ShardIterator;
    } catch (error) {
      if (!isAwsError(error, TRIMMED)) throw error;
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
    if (isAwsError(error, "ExpiredIteratorException")) return;
    if (isAwsError(error, TRIMMED)) {
      // An iterator lives for 15 minutes, and points to what may be trimmed meanwhile. A new one tells that where it follows
      // a record; at the shard's beginning it would just be at what is left.
      if (this.#after === undefined) this.#tellTrimmed(error);
      return;
    }
    const isRetryable = error instanceof LedgerLoaderError ? error.retryable : isTransient(error);
    if (!isRetryable) throw error;
    this.#failures++;
    const { outage, backoff } = this.#options;
    const { shardId } = this.#task;
    const found = error instanceof Error ? error.name : typeof error;
    outage.failed({ shard: shardId, error: found, attempt: this.#failures }, shardId);
    await pause(backoffMs(this.#failures, backoff), signal);
  }
}
