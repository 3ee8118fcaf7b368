// SPDX-License-Identifier: MIT
import { describe } from "@jest/globals";
import { describeWhen, peerAvailability, startKafka } from "@ledger-loader/testkit";
import { describeConsumer } from "../test/describe-consumer";
import { describeConsumerChannel } from "../test/describe-consumer-channel";

describeWhen(peerAvailability("kafka"), describe)("Apache Kafka", () => {
  describeConsumer("on the broker", startKafka);
  describeConsumerChannel("over the broker", startKafka);
});
