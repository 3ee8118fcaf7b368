// SPDX-License-Identifier: MIT
import { type DeadLetter, decodeEvents } from "@ledger-loader/core";
import {
  createKinesisHandler,
  decodeQldbStreamRecord,
  createQldbStreamHandler,
} from "@ledger-loader/kinesis";
import {
  describeSimulation,
  ShardedStream,
  simulateChannel,
  type ShardRecord,
  type SourceMessage,
  type World,
} from "@ledger-loader/testkit/simulation";
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from "aws-lambda";
import { dumpText } from "ion-js";
import { revisionRecord } from "../test/qldb-records";

/** An event that holds a batch, each record with these bytes. */
function toEvent(
  batch: readonly ShardRecord[],
  dataOf: (message: SourceMessage) => Uint8Array,
): KinesisStreamEvent {
  const Records = batch.map(({ shardId, sequenceNumber, partitionKey, message, arrivedAtMs }) => ({
    awsRegion: "us-east-1",
    eventID: `${shardId}:${sequenceNumber}`,
    eventName: "aws:kinesis:record",
    eventSource: "aws:kinesis",
    eventSourceARN: "arn:aws:kinesis:us-east-1:123456789012:stream/simulated",
    eventVersion: "1.0",
    invokeIdentityArn: "arn:aws:iam::123456789012:role/simulated",
    kinesis: {
      approximateArrivalTimestamp: arrivedAtMs / 1_000,
      data: Buffer.from(dataOf(message)).toString("base64"),
      kinesisSchemaVersion: "1.0",
      partitionKey,
      sequenceNumber,
    },
  }));
  return { Records };
}

function plainData({ body }: SourceMessage): Uint8Array {
  return Buffer.from(body);
}

function waitMs({ random }: World): number {
  return random.below(4) * 5_000;
}

// A function at the end of shards that split and merge, several batches of a shard at a time.
describeSimulation("kinesis", 30, (seed) =>
  simulateChannel<KinesisStreamEvent, KinesisStreamBatchResponse>(seed, (world) => {
    const parallelizationFactor = 1 + world.random.below(3);
    return {
      handler: createKinesisHandler,
      parkAfterMs: waitMs(world),
      channel: (invoke) =>
        new ShardedStream(world, invoke, {
          parallelizationFactor,
          toEvent: (batch) => toEvent(batch, plainData),
        }),
    };
  }),
);

/** A revision as QLDB streams it; what is no event is a record that is no revision. */
function revisionData({ event, body, isBroken }: SourceMessage): Uint8Array {
  if (event?.id === undefined || isBroken) return Buffer.from(body);
  const { data, dataHash, version = 0 } = event;
  const hash = dataHash && `dataHash: {{${Buffer.from(dataHash).toString("base64")}}}`;
  const content = hash ?? (data === undefined ? "" : `data: ${dumpText(data)}`);
  return revisionRecord(event.id.value.stringValue() ?? "", version, content, event.table);
}

// The revisions of one document lie on all shards: shards wait for each other, and none may wait for ever.
describeSimulation("qldb-stream", 25, (seed) =>
  simulateChannel<KinesisStreamEvent, KinesisStreamBatchResponse>(seed, (world) => {
    const sent = new Map<string, string>();
    const dataOf = (message: SourceMessage): Uint8Array => {
      const data = revisionData(message);
      sent.set(Buffer.from(data).toString("base64"), message.body);
      return data;
    };
    return {
      handler: createQldbStreamHandler,
      parkAfterMs: waitMs(world),
      deletionsAreFinal: true,
      bodyOf: ({ body }: DeadLetter) => sent.get(Buffer.from(body).toString("base64")) ?? "unknown bytes",
      // As `ledger-loader redrive` decodes letters of a stream; corrected ones are plain events.
      decodeLetter: ({ body }) =>
        typeof body === "string" ? decodeEvents(body) : decodeQldbStreamRecord(body),
      channel: (invoke) =>
        new ShardedStream(world, invoke, {
          scattersRecords: true,
          toEvent: (batch) => toEvent(batch, dataOf),
        }),
    };
  }),
);
