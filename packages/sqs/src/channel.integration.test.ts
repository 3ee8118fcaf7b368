// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe } from "@jest/globals";
import { describeChannel, startSqs, type SqsEmulator } from "@ledger-loader/testkit";
import { openSqsChannel } from "../test/sqs-channel";

let sqs: SqsEmulator;

beforeAll(async () => {
  sqs = await startSqs();
});
afterAll(() => sqs.close());

describe("the SQS channel, from the queue over Lambda's event source to a real ledger", () => {
  describeChannel("FIFO", { ordersGroups: true }, (setup) => openSqsChannel(sqs, true, setup));
  describeChannel("standard", { ordersGroups: false }, (setup) => openSqsChannel(sqs, false, setup));
});
