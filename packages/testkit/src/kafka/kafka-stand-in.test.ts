// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe } from "@jest/globals";
import { startKafkaStandIn, type KafkaBroker } from "@ledger-loader/testkit";
import { describeKafka } from "../../test/describe-kafka";

describe("the stand-in for Kafka", () => {
  let kafka: KafkaBroker;
  beforeAll(async () => {
    kafka = await startKafkaStandIn();
  });
  afterAll(async () => {
    await kafka.close();
  });

  describeKafka(() => kafka);
});
