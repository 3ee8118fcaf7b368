// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe } from "@jest/globals";
import {
  describeChannel,
  describeWhen,
  peerAvailability,
  startKafka,
  startKafkaStandIn,
  type KafkaBroker,
} from "@ledger-loader/testkit";
import { openConsumerChannel } from "../test/consumer-channel";
import { openLambdaChannel } from "../test/lambda-channel";

const ORDERED = { ordersGroups: true, parksAtOnce: true };

describe("the Kafka channel over Lambda's event source, simulated, to a real ledger", () => {
  describeChannel("whole batches", ORDERED, (setup) => openLambdaChannel(false, setup));
  describeChannel("partial responses", ORDERED, (setup) => openLambdaChannel(true, setup));
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
  }, 60_000);
  afterAll(() => broker.close());
  describeChannel("consumer", ORDERED, (setup) => openConsumerChannel(broker, setup));
}
