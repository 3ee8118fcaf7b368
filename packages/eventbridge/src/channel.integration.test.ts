// SPDX-License-Identifier: MIT
import { describe } from "@jest/globals";
import { describeChannel } from "@ledger-loader/testkit";
import { openEventBridgeChannel } from "../test/event-bridge-channel";

describe("the EventBridge channel, from PutEvents over a rule to a real ledger", () => {
  describeChannel(
    "asynchronous invocation",
    { ordersGroups: false, parkedBy: "channel", noShards: "a bus invokes the function event by event" },
    openEventBridgeChannel,
  );
});
