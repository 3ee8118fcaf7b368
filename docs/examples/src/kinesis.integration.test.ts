// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PutRecordCommand } from "@aws-sdk/client-kinesis";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { BaseRevisionWriter, FileDeadLetterSink, createLoader } from "@ledger-loader/core";
import { encodeIon } from "@ledger-loader/ion";
import {
  startKinesis,
  startLedger,
  startSqs,
  type KinesisEmulator,
  type SqsEmulator,
  type TestLedger,
} from "@ledger-loader/testkit";
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from "aws-lambda";
import { load } from "ion-js";
import { copyLedger } from "./kinesis-worker";

let ledger: TestLedger;
let sqs: SqsEmulator;
let kinesis: KinesisEmulator;
let folder: string;

beforeAll(async () => {
  ledger = await startLedger({ name: "vehicles", tables: { Vehicle: ["oldDocumentId"] } });
  sqs = await startSqs();
  kinesis = await startKinesis();
  folder = await mkdtemp(path.join(tmpdir(), "example-"));
  const queue = await sqs.createQueue({ name: "dead-letters", fifo: false });
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "example",
    AWS_SECRET_ACCESS_KEY: "example",
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    DEAD_LETTERS: `sqs:${queue.url}`,
    LEDGER_NAME: ledger.name,
    LEDGER_ENDPOINT: ledger.endpoint,
  });
});
afterAll(async () => {
  await sqs.close();
  await kinesis.close();
  await rm(folder, { recursive: true });
  await ledger.close();
});

it("loads a ledger's stream", async () => {
  const revision = load(
    `{recordType: "REVISION_DETAILS", payload: {tableInfo: {tableName: "Vehicle"},
      revision: {data: {VIN: "1"}, metadata: {id: "car", version: 0}}}}`,
  );
  const event = {
    Records: [
      {
        eventID: "shardId-000000000000:49",
        kinesis: {
          sequenceNumber: "49",
          approximateArrivalTimestamp: 1_700_000_000,
          data: Buffer.from(encodeIon(revision!)).toString("base64"),
        },
      },
    ],
  } as KinesisStreamEvent;
  // Loaded now, because it reads its environment at once, as a function does when it starts.
  // oxlint-disable-next-line typescript/no-require-imports -- an import would come before the environment
  const { handler } = require("./kinesis-function") as {
    readonly handler: (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>;
  };
  expect(await handler(event)).toEqual({ batchItemFailures: [] });
  expect(await documentIds()).toEqual(["car"]);
});

it("copies a ledger's stream by a worker", async () => {
  const revision = load(
    `{recordType: "REVISION_DETAILS", payload: {tableInfo: {tableName: "Vehicle"},
      revision: {data: {VIN: "2"}, metadata: {id: "van", version: 0}}}}`,
  );
  await kinesis.createStream("journal", 1);
  await kinesis.client.send(
    new PutRecordCommand({ StreamName: "journal", PartitionKey: "k", Data: encodeIon(revision!) }),
  );
  const before = process.cwd();
  process.chdir(folder);
  try {
    const loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
    const stop = new AbortController();
    const running = copyLedger(
      kinesis.client,
      "journal",
      loader,
      new FileDeadLetterSink("dead-letters"),
      stop.signal,
    );
    while (!(await documentIds()).includes("van")) await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort();
    await running;
  } finally {
    process.chdir(before);
  }
});

async function documentIds(): Promise<(string | null | undefined)[]> {
  const rows = await ledger
    .connect()
    .transact((transaction) => transaction.execute("SELECT VIN, oldDocumentId FROM Vehicle"));
  return rows.map((row) => row.get("oldDocumentId")?.stringValue());
}
