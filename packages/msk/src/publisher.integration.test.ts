// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe } from "@jest/globals";
import {
  describeWhen,
  peerAvailability,
  startKafka,
  startKafkaStandIn,
  type KafkaBroker,
} from "@ledger-loader/testkit";
import { describePublisher } from "../test/describe-publisher";

describe("the Kafka publisher on the stand-in broker, which knows no idempotent producers", () => {
  describeOn(startKafkaStandIn, false);
});

describeWhen(peerAvailability("kafka"), describe)("the Kafka publisher on Apache Kafka", () => {
  describeOn(startKafka, true);
});

function describeOn(start: () => Promise<KafkaBroker>, idempotent: boolean): void {
  let broker: KafkaBroker;
  beforeAll(async () => {
    broker = await start();
  });
  afterAll(() => broker.close());
  describePublisher(() => broker, idempotent);
}
