// SPDX-License-Identifier: MIT
import type { DynamoDbHandler } from "@ledger-loader/dynamodb";
import {
  ShardEventSource,
  type ChannelMessage,
  type ChannelSetup,
  type TestChannel,
} from "@ledger-loader/testkit";
import type { DynamoDBRecord } from "aws-lambda";
import { toItemChange } from "./item-records";
import { aRecord } from "./stream-records";

/** Makes the record of a message, the n-th that is sent. */
type ToRecord = (message: ChannelMessage, n: number) => DynamoDBRecord;

/** One shard with Lambda's event source mapping and the handler at its end, for `describeChannel`. */
export function openShardChannel(
  handler: DynamoDbHandler,
  setup: ChannelSetup,
  toRecord: ToRecord,
): Promise<TestChannel> {
  const shard = new ShardEventSource<DynamoDBRecord>({
    batchSizeMax: setup.batchSizeMax,
    deliveriesMax: setup.deliveriesMax,
    retryDelayMs: setup.redeliveryDelaySeconds * 1_000,
    idOf: ({ dynamodb }) => dynamodb?.SequenceNumber ?? "",
    invoke: (batch) => handler({ Records: [...batch] }),
  });
  const sent = new Map<DynamoDBRecord, ChannelMessage>();
  return Promise.resolve({
    send: (messages) => {
      for (const message of messages) {
        const record = toRecord(message, sent.size + 1);
        sent.set(record, message);
        shard.append(record);
      }
      return Promise.resolve();
    },
    drain: () => shard.drain(),
    takeParked: () => Promise.resolve(shard.parked.splice(0).map((record) => sent.get(record)!)),
    close: () => Promise.resolve(),
  });
}

/** An item put into an outbox table, with an event in it. */
export function toOutboxRecord({ body }: ChannelMessage, n: number): DynamoDBRecord {
  const id = `message-${n}`;
  return aRecord({ sequenceNumber: n, id, newImage: { id: { S: id }, event: { S: body } } });
}

/** Makes records of changes of items. A record that comes again has the number that it had. */
export function itemRecords(): ToRecord {
  const numbers = new Map<string, number>();
  return ({ body }, n) => {
    const change = toItemChange(body);
    // No stream carries other bytes; a change without its new image is the nearest there is.
    if (change === undefined) return aRecord({ sequenceNumber: n, newImage: null });
    const item = JSON.stringify(change.keys);
    const first = numbers.get(item) ?? 1_000 * (numbers.size + 1);
    numbers.set(item, first);
    return aRecord({ ...change, sequenceNumber: first + change.version });
  };
}
