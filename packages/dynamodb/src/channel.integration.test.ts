// SPDX-License-Identifier: MIT
import { describe } from "@jest/globals";
import { createDynamoDbHandler } from "@ledger-loader/dynamodb";
import { describeChannel, type ChannelTraits } from "@ledger-loader/testkit";
import { itemRecords, openShardChannel, toOutboxRecord } from "../test/shard-channel";

const ONE_SHARD: ChannelTraits = {
  ordersGroups: true,
  parkedBy: "channel",
  noShards: "all changes of an item are in one",
  holdsUp: { of: "everything", because: "Lambda goes on in a shard only from the record that failed" },
};

describe("DynamoDB Streams, from the shard over Lambda's event source to a real ledger", () => {
  describeChannel("events in an outbox table", ONE_SHARD, (setup) =>
    openShardChannel(createDynamoDbHandler(setup.loader, { eventAttribute: "event" }), setup, toOutboxRecord),
  );
  describeChannel(
    "items",
    { ...ONE_SHARD, currentStateOnly: "a change carries its place in the table's stream" },
    (setup) => openShardChannel(createDynamoDbHandler(setup.loader), setup, itemRecords()),
  );
});
