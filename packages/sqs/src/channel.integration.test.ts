// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe } from "@jest/globals";
import { describeChannel, startSqs, type SqsEmulator } from "@ledger-loader/testkit";
import { openSqsChannel, traitsOf, type SqsWay } from "../test/sqs-channel";

let sqs: SqsEmulator;

beforeAll(async () => {
  sqs = await startSqs();
});
afterAll(() => sqs.close());

function describeWay(name: string, way: SqsWay): void {
  describeChannel(name, traitsOf(way), (setup) => openSqsChannel(sqs, way, setup));
}

describe("the SQS channel, from the queue over Lambda's event source to a real ledger", () => {
  describeWay("FIFO", { fifo: true, by: "lambda" });
  describeWay("standard", { fifo: false, by: "lambda" });
});

describe("the SQS channel, from the queue over the consumer to a real ledger", () => {
  describeWay("FIFO", { fifo: true, by: "consumer" });
  describeWay("standard", { fifo: false, by: "consumer" });
});
