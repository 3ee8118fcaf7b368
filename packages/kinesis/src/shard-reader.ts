// SPDX-License-Identifier: MIT
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type KinesisClient,
} from "@aws-sdk/client-kinesis";
import {
  type AwsClient,
  type OutageLog,
  backoffMs,
  isAwsError,
  isTransient,
  pause,
} from "@ledger-loader/core";
import type { StreamRecord } from "./stream-record";

/** The shard to read, and from where. */
export interface ShardReaderOptions {
  readonly client: AwsClient;
  readonly streamName: string;
  readonly shardId: string;
  /** The record after which to begin. Default: the oldest that is not before `startAt`. */
  readonly after?: string | undefined;
  /** Default: the oldest record that the stream still has. */
  readonly startAt?: Date | undefined;
  readonly recordsMax: number;
  /** Told of each try, under the name of the shard. */
  readonly outage: OutageLog;
}

const BACKOFF = { delayMs: 250, delayMaxMs: 20_000 };

/** Reads one shard, page by page, from where it was to its end. */
export class ShardReader {
  readonly #options: ShardReaderOptions;
  readonly #client: KinesisClient;
  #after: string | undefined;
  /** Absent: to be asked for. */
  #iterator: string | undefined;
  #isAtEnd = false;
  #isAtTip = false;

  constructor(options: ShardReaderOptions) {
    this.#options = options;
    this.#client = options.client as KinesisClient;
    this.#after = options.after;
  }

  /** True if the shard was closed, and all of its records were read. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /** True if nothing stood behind what was read last, at that time. */
  get isAtTip(): boolean {
    return this.#isAtTip;
  }

  /**
   * Returns the next records, if there are any by now. When Kinesis throttles or cannot be reached it tries again, until
   * `signal` is raised; an iterator that has expired, after 5 minutes, is replaced.
   */
  async read(signal: AbortSignal): Promise<readonly StreamRecord[]> {
    const { shardId, outage } = this.#options;
    for (let attempt = 1; !this.#isAtEnd && !signal.aborted; attempt += 1) {
      try {
        const records = await this.#readPage();
        outage.succeeded(shardId);
        return records;
      } catch (error) {
        if (isAwsError(error, "ExpiredIteratorException")) this.#iterator = undefined;
        else if (!isTransient(error)) throw error;
        else outage.failed({ shardId, error: (error as Error).name }, shardId);
        await pause(backoffMs(attempt, BACKOFF), signal);
      }
    }
    return [];
  }

  async #readPage(): Promise<readonly StreamRecord[]> {
    const { shardId, recordsMax } = this.#options;
    this.#iterator ??= await this.#openIterator();
    const page = await this.#client.send(
      new GetRecordsCommand({ ShardIterator: this.#iterator, Limit: recordsMax }),
    );
    this.#iterator = page.NextShardIterator;
    this.#isAtEnd = page.NextShardIterator === undefined;
    // A page may be empty although more is to come: only this tells.
    this.#isAtTip = this.#isAtEnd || page.MillisBehindLatest === 0;
    const records = (page.Records ?? []).map((record): StreamRecord => ({
      shardId,
      sequenceNumber: record.SequenceNumber ?? "",
      data: record.Data ?? new Uint8Array(),
      arrivedAtMs: record.ApproximateArrivalTimestamp?.getTime(),
    }));
    this.#after = records.at(-1)?.sequenceNumber ?? this.#after;
    return records;
  }

  async #openIterator(): Promise<string | undefined> {
    const { streamName: StreamName, shardId: ShardId } = this.#options;
    const input = { StreamName, ShardId, ...this.#position() };
    return (await this.#client.send(new GetShardIteratorCommand(input))).ShardIterator;
  }

  #position(): Pick<
    GetShardIteratorCommandInput,
    "ShardIteratorType" | "StartingSequenceNumber" | "Timestamp"
  > {
    const { startAt } = this.#options;
    if (this.#after !== undefined)
      return { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber: this.#after };
    if (startAt !== undefined) return { ShardIteratorType: "AT_TIMESTAMP", Timestamp: startAt };
    return { ShardIteratorType: "TRIM_HORIZON" };
  }
}
