// SPDX-License-Identifier: MIT
import { describe } from "@jest/globals";
import { describeWhen, peerAvailability, startKafka } from "@ledger-loader/testkit";
import { describeConsumer } from "../test/describe-consumer";
import { describeConsumerChannel } from "../test/describe-consumer-channel";
import { describeOnBroker } from "../test/describe-on-broker";

describeWhen(peerAvailability("kafka"), describe)("the Kafka consumer", () => {
  describeOnBroker("on Apache Kafka", startKafka, (broker) => {
    describe("keeps what it promises", () => {
      describeConsumer(broker);
    });
    describeConsumerChannel(broker);
  });
});
