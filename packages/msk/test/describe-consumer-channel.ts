// SPDX-License-Identifier: MIT
import { describeChannel, type ChannelTraits, type KafkaBroker } from "@ledger-loader/testkit";
import { openConsumerChannel } from "./consumer-channel";

/** The consumer keeps aside what failed, and goes on in the partition. */
const CONSUMER: ChannelTraits = { ordersGroups: true, parkedBy: "loader" };

/** The contract of a channel, for the consumer on a broker and a real ledger. */
export function describeConsumerChannel(broker: () => KafkaBroker): void {
  describeChannel("consumer", CONSUMER, (setup) => openConsumerChannel(broker(), setup));
}
