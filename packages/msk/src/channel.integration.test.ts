// SPDX-License-Identifier: MIT
import { describe } from "@jest/globals";
import { describeChannel, startKafkaStandIn, type ChannelTraits } from "@ledger-loader/testkit";
import { describeConsumerChannel } from "../test/describe-consumer-channel";
import { describeOnBroker } from "../test/describe-on-broker";
import { openLambdaChannel } from "../test/lambda-channel";

const ORDERED = { ordersGroups: true, parkedBy: "loader" } as const;
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

// On Apache Kafka: consumer.e2e.test.ts.
describeOnBroker(
  "the Kafka channel over the stand-in broker and the consumer to a real ledger",
  startKafkaStandIn,
  describeConsumerChannel,
);
