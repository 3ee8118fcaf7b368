// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe } from "@jest/globals";
import { describeWhen, peerAvailability, startKafka, type KafkaBroker } from "@ledger-loader/testkit";
import { describeKafka } from "../../test/describe-kafka";

describeWhen(peerAvailability("kafka"), describe)("Apache Kafka", () => {
  let kafka: KafkaBroker;
  beforeAll(async () => {
    kafka = await startKafka();
  });
  afterAll(async () => {
    await kafka.close();
  });

  describeKafka(() => kafka);
});
