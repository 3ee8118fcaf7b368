// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe } from "@jest/globals";
import { createKinesisHandler } from "@ledger-loader/kinesis";
import { describeChannel, startKinesis, type KinesisEmulator } from "@ledger-loader/testkit";
import { openKinesisChannel, type Drain } from "../test/kinesis-channel";
import { KinesisEventSource } from "../test/kinesis-event-source";
import { aStore, isDrained, removeStores, runUntil } from "../test/run-consumer";

let kinesis: KinesisEmulator;

beforeAll(async () => {
  kinesis = await startKinesis();
});
afterAll(async () => {
  await kinesis.close();
  await removeStores();
});

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

/** The consumer, started again whenever it ends with an error. */
const overConsumer: Drain = (streamName, loader, { batchSizeMax, redeliveryDelaySeconds }) => {
  const store = aStore(streamName);
  const { client } = kinesis;
  return async () => {
    const checkpoints = await store;
    const options = { client, streamName, loader, checkpoints, recordsMax: batchSizeMax };
    for (let isDone = false; !isDone;) {
      isDone = await runUntil(options, () => isDrained(client, streamName, checkpoints)).then(
        () => true,
        () => false,
      );
      if (!isDone) await sleep(redeliveryDelaySeconds * 1000);
    }
  };
};

describe("the Kinesis channel, from the stream to a real ledger", () => {
  describeChannel("over Lambda", { ordersGroups: true, parksAtOnce: true }, (setup) =>
    openKinesisChannel(kinesis, setup, overLambda),
  );
  describeChannel("over the consumer", { ordersGroups: true, parksAtOnce: true }, (setup) =>
    openKinesisChannel(kinesis, setup, overConsumer),
  );
});
