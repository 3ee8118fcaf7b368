// SPDX-License-Identifier: MIT
import type { DeadLetter } from "@ledger-loader/core";
import { createDynamoDbHandler } from "@ledger-loader/dynamodb";
import {
  describeSimulation,
  ShardedStream,
  simulateChannel,
  type ShardRecord,
} from "@ledger-loader/testkit/simulation";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { aRecord } from "../test/stream-records";

/** The item of an outbox that holds a message. */
function toRecord({ sequenceNumber, message }: ShardRecord): DynamoDBRecord {
  const keys = { id: { S: message.body } };
  return aRecord({ sequenceNumber, keys, newImage: { ...keys, event: { S: message.body } } });
}

function bodyOf({ body }: DeadLetter): string {
  const record = JSON.parse(Buffer.from(body).toString()) as DynamoDBRecord;
  return record.dynamodb?.NewImage?.["event"]?.S ?? "no event";
}

// The stream of an outbox table, whose shards are followed by others; its items come in order where they share a shard.
describeSimulation("dynamodb", 25, (seed) =>
  simulateChannel<DynamoDBStreamEvent, DynamoDBBatchResponse>(seed, (world) => {
    const { random } = world;
    const parallelizationFactor = 1 + random.below(3);
    const scattersRecords = random.chance(0.3);
    return {
      handler: (loader) => createDynamoDbHandler(loader, { eventAttribute: "event" }),
      bodyOf,
      parkAfterMs: random.below(4) * 5_000,
      channel: (invoke) =>
        new ShardedStream(world, invoke, {
          parallelizationFactor,
          scattersRecords,
          toEvent: (batch) => ({ Records: batch.map(toRecord) }),
        }),
    };
  }),
);
