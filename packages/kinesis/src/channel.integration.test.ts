// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe } from "@jest/globals";
import { createKinesisHandler } from "@ledger-loader/kinesis";
import { describeChannel, startKinesis, type KinesisEmulator } from "@ledger-loader/testkit";
import { openKinesisChannel, type Drain } from "../test/kinesis-channel";
import { KinesisEventSource } from "../test/kinesis-event-source";

let kinesis: KinesisEmulator;

beforeAll(async () => {
  kinesis = await startKinesis();
});
afterAll(() => kinesis.close());

/** Lambda's event source mapping and the handler. */
const overLambda: Drain = (streamName, loader, { batchSizeMax, redeliveryDelaySeconds }) => {
  const source = new KinesisEventSource({
    client: kinesis.client,
    streamName,
    handler: createKinesisHandler(loader),
    batchSizeMax,
    retryDelayMs: redeliveryDelaySeconds * 1000,
  });
  return () => source.drain();
};

describe("the Kinesis channel, from the stream to a real ledger", () => {
  describeChannel("over Lambda", { ordersGroups: true, parksAtOnce: true }, (setup) =>
    openKinesisChannel(kinesis, setup, overLambda),
  );
});
