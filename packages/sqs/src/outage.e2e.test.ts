// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { BaseRevisionWriter, createLoader } from "@ledger-loader/core";
import { createSqsHandler, createSqsPublisher } from "@ledger-loader/sqs";
import {
  aHistory,
  historiesOf,
  readHistories,
  SqsEventSource,
  startLedger,
  startSqs,
  type SqsEmulator,
} from "@ledger-loader/testkit";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

let sqs: SqsEmulator;

beforeAll(async () => {
  sqs = await startSqs();
});
afterAll(() => sqs.close());

it("loads a FIFO group within 30 seconds, and in order, when the ledger was away for 5", async () => {
  const ledger = await startLedger({ tables: { Vehicle: ["oldDocumentId"] } });
  // The time-outs of a deployed queue: without a shortened visibility, the group waits for 12 minutes.
  const queue = await sqs.createQueue({
    name: "outage",
    fifo: true,
    visibilityTimeoutSeconds: 720,
    maxReceiveCount: 16,
  });
  const history = aHistory(["INSERT", "UPDATE", "UPDATE"]);
  const loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
  const handler = createSqsHandler(loader, { client: sqs.client, queueUrlOf: () => queue.url });
  const source = new SqsEventSource({ client: sqs.client, queue, handler });
  await ledger.stop();
  const publisher = createSqsPublisher({ client: sqs.client, queueUrl: queue.url, runId: "outage" });
  await publisher.publish(Readable.from(history));
  const began = performance.now();
  source.start();
  await sleep(5_000);
  await ledger.restart();
  await source.drain();
  expect(performance.now() - began).toBeLessThan(30_000);
  await source.stop();
  expect(source.counts.crashed).toBeGreaterThan(0);
  expect(await readHistories(ledger.connect(), "Vehicle")).toEqual(historiesOf(history));
  await ledger.close();
}, 60_000);
