// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  type _Record,
  type GetRecordsCommandOutput,
  type KinesisClient,
} from "@aws-sdk/client-kinesis";
import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";

/** A Lambda function for a Kinesis event source. */
export type KinesisFunction = (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>;

/** The polled stream, and the function that is invoked. */
export interface KinesisEventSourceOptions {
  readonly client: KinesisClient;
  readonly streamName: string;
  readonly handler: KinesisFunction;
  readonly batchSizeMax: number;
  readonly retryDelayMs: number;
}

/**
 * The rest after a failure, at first and after many in a row. Retries without a rest would keep the processor busy,
 * which the machine needs for what the retries wait for.
 */
const RETRY_REST_MS = 10;
const RETRY_REST_MS_MAX = 160;

/**
 * Polls a stream and invokes a function as Lambda's event source mapping does with `ReportBatchItemFailures`: one batch
 * of a shard at a time; after a failure the batch from the reported record on comes again, after an exception all of it.
 * (AWS Lambda developer guide, "Configuring partial batch response with Kinesis Data Streams".) It knows no end of retries.
 */
export class KinesisEventSource {
  readonly #options: KinesisEventSourceOptions;
  readonly #checkpoints = new Map<string, string>();

  constructor(options: KinesisEventSourceOptions) {
    this.#options = options;
  }

  /** Delivers until every record of every shard was acknowledged. */
  async drain(): Promise<void> {
    const { client, streamName: StreamName } = this.#options;
    const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
    await Promise.all(Shards.map(({ ShardId = "" }) => this.#drainShard(ShardId)));
  }

  async #drainShard(shardId: string): Promise<void> {
    const { batchSizeMax, retryDelayMs } = this.#options;
    for (let batch = await this.#read(shardId); batch.length > 0; batch = await this.#read(shardId)) {
      let pending = batch.slice(0, batchSizeMax);
      let restMs = RETRY_REST_MS;
      while (pending.length > 0) {
        const failedAt = await this.#invoke(shardId, pending);
        const acknowledged = pending.slice(0, failedAt).at(-1);
        if (acknowledged !== undefined) this.#checkpoints.set(shardId, acknowledged.SequenceNumber ?? "");
        pending = pending.slice(failedAt);
        if (pending.length > 0) await sleep(Math.max(restMs, retryDelayMs));
        restMs = failedAt > 0 ? RETRY_REST_MS : Math.min(RETRY_REST_MS_MAX, 2 * restMs);
      }
    }
  }

  /** Returns where in the batch to go on. */
  async #invoke(shardId: string, batch: readonly _Record[]): Promise<number> {
    try {
      const { batchItemFailures } = await this.#options.handler({
        Records: batch.map((record) => toLambdaRecord(shardId, record)),
      });
      if (batchItemFailures.length === 0) return batch.length;
      const places = batchItemFailures.map(({ itemIdentifier }) =>
        batch.findIndex(({ SequenceNumber }) => SequenceNumber === itemIdentifier),
      );
      return Math.max(0, Math.min(...places));
    } catch {
      // Lambda does not look at the error either: the whole batch comes again.
      return 0;
    }
  }

  async #read(ShardId: string): Promise<readonly _Record[]> {
    const { client, streamName: StreamName } = this.#options;
    const after = this.#checkpoints.get(ShardId);
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({
        StreamName,
        ShardId,
        ...(after === undefined
          ? { ShardIteratorType: "TRIM_HORIZON" }
          : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber: after }),
      }),
    );
    for (let iterator = ShardIterator; iterator !== undefined;) {
      const {
        Records = [],
        MillisBehindLatest,
        NextShardIterator,
      }: GetRecordsCommandOutput = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
      if (Records.length > 0) return Records;
      if (MillisBehindLatest === 0) return [];
      iterator = NextShardIterator;
    }
    return [];
  }
}

/** A record as Lambda hands it to a function. */
export function toLambdaRecord(shardId: string, record: _Record): KinesisStreamRecord {
  const { SequenceNumber = "", PartitionKey = "", Data = new Uint8Array() } = record;
  return {
    awsRegion: "us-east-1",
    eventID: `${shardId}:${SequenceNumber}`,
    eventName: "aws:kinesis:record",
    eventSource: "aws:kinesis",
    eventSourceARN: "arn:aws:kinesis:us-east-1:000000000000:stream/events",
    eventVersion: "1.0",
    invokeIdentityArn: "arn:aws:iam::000000000000:role/function",
    kinesis: {
      approximateArrivalTimestamp: (record.ApproximateArrivalTimestamp ?? new Date()).getTime() / 1000,
      data: Buffer.from(Data).toString("base64"),
      kinesisSchemaVersion: "1.0",
      partitionKey: PartitionKey,
      sequenceNumber: SequenceNumber,
    },
  };
}
