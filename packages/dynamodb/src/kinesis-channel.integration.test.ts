// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe } from "@jest/globals";
import { createDynamoDbKinesisHandler, type DynamoDbOptions } from "@ledger-loader/dynamodb";
import {
  describeChannel,
  drainOverLambda,
  openKinesisChannel,
  startKinesis,
  type ChannelTraits,
  type KinesisDrain,
  type KinesisEmulator,
} from "@ledger-loader/testkit";
import { toItemChange } from "../test/item-records";
import { aKinesisBody } from "../test/stream-records";

let kinesis: KinesisEmulator;

beforeAll(async () => {
  kinesis = await startKinesis();
});
afterAll(() => kinesis.close());

const overLambda =
  (options: DynamoDbOptions): KinesisDrain =>
  (...stream) =>
    drainOverLambda(kinesis, (loader) => createDynamoDbKinesisHandler(loader, options))(...stream);

const SCATTERED: ChannelTraits = {
  ordersGroups: false,
  parkedBy: "loader",
  holdsUp: { of: "its shard", because: "Lambda goes on in a shard only from the record that failed" },
};
const ITEMS: ChannelTraits = { ...SCATTERED, currentStateOnly: "a change carries its time" };

/** A change of an item at the time of its version; what is no event stays as it is. */
function toItemRecord(body: string): Uint8Array {
  const change = toItemChange(body);
  return Buffer.from(change === undefined ? body : aKinesisBody(change, change.version + 1));
}

/** The item of an outbox that holds an event. */
function toOutboxRecord(body: string): Uint8Array {
  return Buffer.from(aKinesisBody({ newImage: { id: { S: "message" }, event: { S: body } } }, 1));
}

describe("Kinesis Data Streams for DynamoDB, changes scattered over the shards, over Lambda to a real ledger", () => {
  describeChannel("items", ITEMS, (setup) =>
    openKinesisChannel(kinesis, setup, overLambda({}), { encode: toItemRecord, isScattered: true }),
  );
  describeChannel("events in an outbox table", SCATTERED, (setup) =>
    openKinesisChannel(kinesis, setup, overLambda({ eventAttribute: "event" }), {
      encode: toOutboxRecord,
      isScattered: true,
    }),
  );
});
