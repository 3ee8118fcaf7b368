// SPDX-License-Identifier: MIT
import { startKafkaStandIn } from "@ledger-loader/testkit";
import { describeConsumer } from "../test/describe-consumer";

describeConsumer("on the stand-in broker", startKafkaStandIn);
