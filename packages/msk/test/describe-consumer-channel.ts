// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe } from "@jest/globals";
import { describeChannel, type ChannelTraits, type KafkaBroker } from "@ledger-loader/testkit";
import { openConsumerChannel } from "./consumer-channel";

/** The consumer keeps aside what failed, and goes on in the partition. */
const CONSUMER: ChannelTraits = { ordersGroups: true, parkedBy: "loader" };

/** The contract of a channel, for the consumer on a broker. */
export function describeConsumerChannel(where: string, start: () => Promise<KafkaBroker>): void {
  describe(`the Kafka channel ${where} and the consumer to a real ledger`, () => {
    let broker: KafkaBroker;
    beforeAll(async () => {
      broker = await start();
    });
    afterAll(() => broker.close());
    describeChannel("consumer", CONSUMER, (setup) => openConsumerChannel(broker, setup));
  });
}
