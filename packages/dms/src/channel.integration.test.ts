// SPDX-License-Identifier: MIT
import { describe } from "@jest/globals";
import { describeChannel, type ChannelTraits } from "@ledger-loader/testkit";
import { openDmsChannel } from "../test/dms-channel";

const TRAITS: ChannelTraits = {
  ordersGroups: true,
  parkedBy: "loader",
  currentStateOnly: "DMS tells where the source's log stood",
  holdsUp: { of: "its shard", because: "Lambda goes on in a shard only from the record that failed" },
};

describe("the DMS channel, from two shards to a real ledger", () => {
  describeChannel("positions", TRAITS, openDmsChannel);
});
