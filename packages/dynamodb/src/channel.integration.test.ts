// SPDX-License-Identifier: MIT
import { describe } from "@jest/globals";
import { createDynamoDbHandler } from "@ledger-loader/dynamodb";
import { describeChannel, ShardEventSource, type ChannelMessage } from "@ledger-loader/testkit";
import type { DynamoDBRecord } from "aws-lambda";
import { aRecord } from "../test/stream-records";

describe("DynamoDB Streams with events in an outbox table, from the shard over Lambda's event source to a real ledger", () => {
  describeChannel("one shard", { ordersGroups: true }, ({ loader, redeliveryDelaySeconds, ...setup }) => {
    const handler = createDynamoDbHandler(loader, { eventAttribute: "event" });
    const shard = new ShardEventSource<DynamoDBRecord>({
      ...setup,
      retryDelayMs: redeliveryDelaySeconds * 1_000,
      idOf: ({ dynamodb }) => dynamodb?.SequenceNumber ?? "",
      invoke: (batch) => handler({ Records: [...batch] }),
    });
    let sent = 0;
    const toRecord = ({ body, group }: ChannelMessage) =>
      aRecord({
        sequenceNumber: ++sent,
        id: `message-${sent}`,
        newImage: { id: { S: `message-${sent}` }, event: { S: body }, group: { S: group } },
      });
    return Promise.resolve({
      send: (messages) => {
        shard.append(...messages.map(toRecord));
        return Promise.resolve();
      },
      drain: () => shard.drain(),
      takeParked: () => {
        const images = shard.parked.splice(0).map(({ dynamodb }) => dynamodb?.NewImage);
        return Promise.resolve(
          images.map((image) => ({ body: image!["event"]!.S!, group: image!["group"]!.S! })),
        );
      },
      close: () => Promise.resolve(),
    });
  });
});
