// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe } from "@jest/globals";
import {
  describeWhen,
  peerAvailability,
  startKafka,
  startKafkaStandIn,
  type KafkaBroker,
} from "@ledger-loader/testkit";
import { describeConsumer } from "../test/describe-consumer";

describe("the Kafka consumer on the stand-in broker", () => {
  describeOn(startKafkaStandIn);
});

describeWhen(peerAvailability("kafka"), describe)("the Kafka consumer on Apache Kafka", () => {
  describeOn(startKafka);
});

function describeOn(start: () => Promise<KafkaBroker>): void {
  let broker: KafkaBroker;
  beforeAll(async () => {
    broker = await start();
  });
  afterAll(() => broker.close());
  describeConsumer(() => broker);
}
