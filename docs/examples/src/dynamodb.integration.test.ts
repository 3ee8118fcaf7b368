// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { receiveAll, startLedger, startSqs, type SqsEmulator, type TestLedger } from "@ledger-loader/testkit";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";

let ledger: TestLedger;
let sqs: SqsEmulator;
let deadLetters: string;

beforeAll(async () => {
  ledger = await startLedger({ name: "music", tables: { Song: ["oldDocumentId"] } });
  sqs = await startSqs();
  deadLetters = (await sqs.createQueue({ name: "dead-letters", fifo: false })).url;
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "example",
    AWS_SECRET_ACCESS_KEY: "example",
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    DEAD_LETTERS: `sqs:${deadLetters}`,
    PARK_WAIT_MS: "0",
    LEDGER_NAME: ledger.name,
    LEDGER_ENDPOINT: ledger.endpoint,
  });
});
afterAll(async () => {
  await sqs.close();
  await ledger.close();
});

it("loads a table's stream and parks what it cannot load", async () => {
  const record = (sequenceNumber: string, change: object): object => ({
    eventSourceARN: "arn:aws:dynamodb:us-east-1:123456789012:table/Song/stream/2026-01-01T00:00:00.000",
    dynamodb: {
      SequenceNumber: sequenceNumber,
      Keys: { id: { N: "7" } },
      StreamViewType: "NEW_IMAGE",
      ...change,
    },
  });
  const NewImage = { id: { N: "7" }, title: { S: "Ring" } };
  const Records = [
    { ...record("100", { NewImage }), eventName: "INSERT" },
    { ...record("101", { NewImage: { id: { N: "seven" } } }), eventName: "MODIFY" },
  ];
  // Loaded now, because it reads its environment at once, as a function does when it starts.
  // oxlint-disable-next-line typescript/no-require-imports -- an import would come before the environment
  const { handler } = require("./dynamodb-function") as {
    readonly handler: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
  };
  expect(await handler({ Records } as DynamoDBStreamEvent)).toEqual({ batchItemFailures: [] });
  const rows = await ledger
    .connect()
    .transact((transaction) => transaction.execute("SELECT title, oldDocumentId FROM Song"));
  expect(rows.map(String)).toEqual(["{title: Ring, oldDocumentId: 7}"]);
  expect(await receiveAll(sqs.client, deadLetters)).toHaveLength(1);
});
