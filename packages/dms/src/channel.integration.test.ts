// SPDX-License-Identifier: MIT
import { describe } from "@jest/globals";
import { describeChannel } from "@ledger-loader/testkit";
import { openDmsChannel } from "../test/dms-channel";

describe("the DMS channel, from a shard to a real ledger", () => {
  describeChannel("positions", { ordersGroups: true, parksAtOnce: true, hasPositions: true }, openDmsChannel);
});
