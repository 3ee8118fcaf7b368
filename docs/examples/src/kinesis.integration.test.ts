// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { encodeIon } from "@ledger-loader/journal";
import { startLedger, startSqs, type SqsEmulator, type TestLedger } from "@ledger-loader/testkit";
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from "aws-lambda";
import { load } from "ion-js";

let ledger: TestLedger;
let sqs: SqsEmulator;

beforeAll(async () => {
  ledger = await startLedger({ name: "vehicles", tables: { Vehicle: ["oldDocumentId"] } });
  sqs = await startSqs();
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
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would come before the environment
  const { handler } = require("./kinesis-function") as {
    readonly handler: (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>;
  };
  expect(await handler(event)).toEqual({ batchItemFailures: [] });
  const rows = await ledger
    .connect()
    .transact((transaction) => transaction.execute("SELECT VIN, oldDocumentId FROM Vehicle"));
  expect(rows.map((row) => row.get("oldDocumentId")?.stringValue())).toEqual(["car"]);
});
