// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import {
  CancelJournalKinesisStreamCommand,
  DescribeJournalKinesisStreamCommand,
  StreamJournalToKinesisCommand,
} from "@aws-sdk/client-qldb";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "@jest/globals";
import { readKinesisStream, startKinesis, type KinesisEmulator } from "@ledger-loader/testkit";
import { openTestServer, testLedgerName, type TestServer } from "../../test/open-test-server";

let kinesis: KinesisEmulator;
let test: TestServer;
let kinesisName: string;

beforeAll(async () => {
  kinesis = await startKinesis();
});
afterAll(() => kinesis.close());
beforeEach(async () => {
  kinesisName = `journal-${randomUUID()}`;
  await kinesis.createStream(kinesisName, 1);
  test = await openTestServer({
    kinesisClient: () => new KinesisClient({ ...kinesis.clientConfig, maxAttempts: 1 }),
    allowedStreams: ["arn:aws:kinesis:us-east-1:000000000000:stream/journal-*"],
  });
});
afterEach(() => test.close());

const arnOf = (name: string) => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;

async function start(name = kinesisName): Promise<string> {
  const command = new StreamJournalToKinesisCommand({
    LedgerName: testLedgerName,
    StreamName: `to-${randomUUID().slice(0, 8)}`,
    RoleArn: "arn:aws:iam::000000000000:role/streams",
    InclusiveStartTime: new Date(0),
    KinesisConfiguration: { StreamArn: arnOf(name), AggregationEnabled: false },
  });
  return (await test.controlClient().send(command)).StreamId!;
}

async function statusOf(StreamId: string): Promise<string> {
  const command = new DescribeJournalKinesisStreamCommand({ LedgerName: testLedgerName, StreamId });
  const { Status, ErrorCause = "" } = (await test.controlClient().send(command)).Stream!;
  return `${Status ?? ""} ${ErrorCause}`.trim();
}

const countRecords = async (name = kinesisName) =>
  (await readKinesisStream(kinesis.client, name)).flat().length;

async function untilRecords(count: number, name = kinesisName): Promise<void> {
  while ((await countRecords(name)) < count) await sleep(50);
}

async function createTable(name: string): Promise<void> {
  const ledger = await test.server.store.open(testLedgerName);
  await ledger.transact((transaction) => transaction.execute(`CREATE TABLE ${name}`));
}

it.each(["other", "x-journal-1"])(
  "refuses a stream into %s, which the operator does not allow",
  async (name) => {
    await expect(start(name)).rejects.toMatchObject({
      name: "AccessDeniedException",
      $metadata: { httpStatusCode: 403 },
      message: expect.stringContaining('"ledger serve --allow-stream ARN"') as unknown,
    });
  },
);

it("refuses every stream of a server that was not told otherwise", async () => {
  await test.restart({ allowedStreams: [] });
  await expect(start()).rejects.toMatchObject({ name: "AccessDeniedException" });
});

it("suspends a stream that is no longer allowed, and continues it once it is", async () => {
  await createTable("Car");
  const streamId = await start();
  // CREATED and the summary of the block.
  await untilRecords(2);

  await test.restart({ allowedStreams: [arnOf("other")] });
  expect(test.server.notices.join()).toContain(`--allow-stream ${arnOf(kinesisName)}`);
  await createTable("Boat");
  // A stream that is allowed has sent everything: the other one would have, too.
  await kinesis.createStream("other", 1);
  await start("other");
  await untilRecords(3, "other");
  expect(await statusOf(streamId)).toBe("IMPAIRED IAM_PERMISSION_REVOKED");
  expect(await countRecords()).toBe(2);

  await test.restart({ allowedStreams: [arnOf("other"), arnOf(kinesisName)] });
  expect(test.server.notices).toEqual([]);
  await untilRecords(3);
  while ((await statusOf(streamId)) !== "ACTIVE") await sleep(50);
});

it("cancels a stream that waits to be allowed", async () => {
  const StreamId = await start();
  await test.restart({ allowedStreams: [] });
  const cancel = new CancelJournalKinesisStreamCommand({ LedgerName: testLedgerName, StreamId });
  await test.controlClient().send(cancel);
  expect(await statusOf(StreamId)).toBe("CANCELED");
  await test.restart({ allowedStreams: [] });
  expect(test.server.notices).toEqual([]);
});
