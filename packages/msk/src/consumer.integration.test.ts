// SPDX-License-Identifier: MIT
import { startKafkaStandIn } from "@ledger-loader/testkit";
import { describeConsumer } from "../test/describe-consumer";
import { describeOnBroker } from "../test/describe-on-broker";

describeOnBroker("the Kafka consumer on the stand-in broker", startKafkaStandIn, describeConsumer);
