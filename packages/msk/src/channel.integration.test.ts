// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe } from "@jest/globals";
import {
  describeChannel,
  describeWhen,
  peerAvailability,
  startKafka,
  startKafkaStandIn,
  type ChannelTraits,
  type KafkaBroker,
} from "@ledger-loader/testkit";
import { openConsumerChannel } from "../test/consumer-channel";
import { openLambdaChannel } from "../test/lambda-channel";

const ORDERED = { ordersGroups: true, parkedBy: "loader" } as const;
/** The consumer keeps aside what failed, and goes on in the partition. */
const CONSUMER: ChannelTraits = ORDERED;
const WHOLE_BATCHES: ChannelTraits = {
  ...ORDERED,
  holdsUp: {
    of: "everything",
    because: "Lambda delivers the whole batch again, whose partitions end together",
  },
};
const PARTIAL_RESPONSES: ChannelTraits = {
  ...ORDERED,
  holdsUp: { of: "its shard", because: "Lambda goes on in a partition only from the record that failed" },
};

describe("the Kafka channel over Lambda's event source, simulated, to a real ledger", () => {
  describeChannel("whole batches", WHOLE_BATCHES, (setup) => openLambdaChannel(false, setup));
  describeChannel("partial responses", PARTIAL_RESPONSES, (setup) => openLambdaChannel(true, setup));
});

describe("the Kafka channel over the stand-in broker and the consumer to a real ledger", () => {
  describeConsumer(startKafkaStandIn);
});

describeWhen(peerAvailability("kafka"), describe)(
  "the Kafka channel over Apache Kafka and the consumer to a real ledger",
  () => {
    describeConsumer(startKafka);
  },
);

function describeConsumer(start: () => Promise<KafkaBroker>): void {
  let broker: KafkaBroker;
  beforeAll(async () => {
    broker = await start();
  });
  afterAll(() => broker.close());
  describeChannel("consumer", CONSUMER, (setup) => openConsumerChannel(broker, setup));
}
