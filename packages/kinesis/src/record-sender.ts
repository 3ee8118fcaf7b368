// SPDX-License-Identifier: MIT
import { PutRecordsCommand, type KinesisClient, type PutRecordsResultEntry } from "@aws-sdk/client-kinesis";
import {
  type AwsClient,
  type RetryOptions,
  backoffMs,
  isTransient,
  pause,
  withoutUndefined,
} from "@ledger-loader/core";
import { StreamUnavailableError } from "./kinesis-errors";

/** A record on its way to a stream. */
export interface OutgoingRecord {
  readonly partitionKey: string;
  readonly explicitHashKey?: string;
  readonly data: Uint8Array;
}

const RETRY_DELAY_MAX_MS = 20_000;

/** Puts batches of records into a stream, and again those that were not taken. */
export class RecordSender<R extends OutgoingRecord> {
  readonly #client: KinesisClient;
  readonly #streamName: string;
  readonly #retry: RetryOptions;
  #retries = 0;

  constructor(client: AwsClient, streamName: string, retry: RetryOptions) {
    this.#client = client as KinesisClient;
    this.#streamName = streamName;
    this.#retry = retry;
  }

  /** Calls that repeated another one, in whole or in part. */
  get retries(): number {
    return this.#retries;
  }

  /**
   * Puts up to 500 records until each is accepted; tells of each one as soon as it is, with the shard it went to.
   *
   * @throws StreamUnavailableError when some were not after the last attempt; the SDK's own error when a call failed for
   *   a reason that does not pass, such as a stream that does not exist.
   */
  async send(batch: readonly R[], accepted: (record: R, shardId: string) => void): Promise<void> {
    let pending = batch;
    for (let attempt = 1; ; attempt += 1) {
      const { refused, cause } = await this.#attempt(pending, accepted);
      if (refused.length === 0) return;
      if (attempt === this.#retry.attemptsMax) throw this.#unavailable(refused.length, cause);
      pending = refused;
      this.#retries += 1;
      await pause(backoffMs(attempt, { delayMs: this.#retry.retryDelayMs, delayMaxMs: RETRY_DELAY_MAX_MS }));
    }
  }

  async #attempt(
    batch: readonly R[],
    accepted: (record: R, shardId: string) => void,
  ): Promise<{ refused: readonly R[]; cause: unknown }> {
    let results: readonly PutRecordsResultEntry[];
    try {
      const command = new PutRecordsCommand({ StreamName: this.#streamName, Records: batch.map(toEntry) });
      results = (await this.#client.send(command)).Records ?? [];
    } catch (cause) {
      if (!isTransient(cause)) throw cause;
      return { refused: batch, cause };
    }
    const refused: R[] = [];
    let cause: unknown;
    for (const [index, record] of batch.entries()) {
      const { ShardId, ErrorCode } = results[index] ?? {};
      if (ShardId !== undefined && ErrorCode === undefined) accepted(record, ShardId);
      else {
        refused.push(record);
        cause ??= ErrorCode ?? "no answer";
      }
    }
    return { refused, cause };
  }

  #unavailable(count: number, cause: unknown): StreamUnavailableError {
    return new StreamUnavailableError(
      `Expected the stream ${this.#streamName} to take every record, but ${count} of a batch failed ` +
        `${this.#retry.attemptsMax} times (${cause instanceof Error ? cause.name : String(cause)}): ` +
        "see whether the stream has enough shards, then publish again; the loader skips what has arrived.",
      { retryable: true, cause },
    );
  }
}

function toEntry({ partitionKey, explicitHashKey, data }: OutgoingRecord): {
  PartitionKey: string;
  ExplicitHashKey?: string;
  Data: Uint8Array;
} {
  return {
    PartitionKey: partitionKey,
    ...withoutUndefined({ ExplicitHashKey: explicitHashKey }),
    Data: data,
  };
}
