// SPDX-License-Identifier: MIT
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { encodeEvent } from "@ledger-loader/core";
import {
  aHistory,
  historiesOf,
  readHistories,
  SqsEventSource,
  startLedger,
  startSqs,
  type SqsEmulator,
  type SqsFunction,
  type TestLedger,
} from "@ledger-loader/testkit";
import { publishFile } from "./sqs-publish";
import { consumeQueue } from "./sqs-worker";

let folder: string;
let ledger: TestLedger;
let sqs: SqsEmulator;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "example-"));
  ledger = await startLedger({ name: "vehicles", tables: { Vehicle: ["oldDocumentId"] } });
  sqs = await startSqs();
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "example",
    AWS_SECRET_ACCESS_KEY: "example",
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    LEDGER_NAME: ledger.name,
    LEDGER_ENDPOINT: ledger.endpoint,
    LOG_LEVEL: "warn",
  });
});
afterEach(async () => {
  await sqs.close();
  await ledger.close();
  await rm(folder, { recursive: true });
});

const events = aHistory(["INSERT", "UPDATE", "DELETE"]);

async function publishedQueue() {
  const file = path.join(folder, "events.ion");
  await writeFile(file, events.map((event) => `${encodeEvent(event)}\n`).join(""));
  const queue = await sqs.createQueue({ name: "vehicles", fifo: true, maxReceiveCount: 5 });
  expect(await publishFile(file, queue.url, "first run")).toEqual({ published: 3, retries: 0 });
  return queue;
}

it("takes a file over a queue and a worker into a ledger", async () => {
  const { url } = await publishedQueue();
  const stop = new AbortController();
  const consuming = consumeQueue(url, 0, stop.signal);
  const connection = ledger.connect();
  while ((await readHistories(connection, "Vehicle")).get('"v1"')?.length !== 3) {
    await Promise.race([sleep(50), consuming]);
  }
  stop.abort();
  await consuming;
  expect(await readHistories(connection, "Vehicle")).toEqual(historiesOf(events));
});

it("takes a file over a queue and the Lambda function into a ledger", async () => {
  const queue = await publishedQueue();
  // Loaded now, because it reads its environment at once, as a function does when it starts.
  // oxlint-disable-next-line typescript/no-require-imports -- an import would come before the environment
  const { handler } = require("./sqs-function") as { readonly handler: SqsFunction };
  const source = new SqsEventSource({ client: sqs.client, queue, handler });
  source.start();
  await source.drain(20_000);
  await source.stop();
  expect(await readHistories(ledger.connect(), "Vehicle")).toEqual(historiesOf(events));
});
