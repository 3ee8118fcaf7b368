// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import {
  CancelJournalKinesisStreamCommand,
  DescribeJournalKinesisStreamCommand,
  paginateListJournalKinesisStreamsForLedger,
  StreamJournalToKinesisCommand,
  type JournalKinesisStreamDescription,
  type QLDBClient,
  type StreamJournalToKinesisCommandInput,
} from "@aws-sdk/client-qldb";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { decodeBlock, decodeRevision } from "@ledger-loader/journal";
import { decodeIon, encodeIon, formatHash, hashIon, readSingleValue } from "@ledger-loader/ion";
import { deaggregate, type UserRecord } from "@ledger-loader/kpl";
import { readKinesisStream, startKinesis, type KinesisEmulator } from "@ledger-loader/testkit";
import { load } from "ion-js";
import { openTestServer, testLedgerName, type TestServer } from "../../test/open-test-server";

let kinesis: KinesisEmulator;
let test: TestServer;
let control: QLDBClient;
let kinesisName: string;
/** How far the server's clock is ahead. */
let aheadMs: number;
/** The treatment of a `PutRecords` by the streams' client of Kinesis. */
let put: (send: () => Promise<unknown>) => Promise<unknown>;
/** The treatment of its listings of shards. */
let list: (send: () => Promise<unknown>) => Promise<unknown>;

const kinesisClient = () => {
  const client = new KinesisClient({ ...kinesis.clientConfig, maxAttempts: 1 });
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        const send = () => next(args);
        const hook =
          commandName === "PutRecordsCommand" ? put : commandName === "ListShardsCommand" ? list : undefined;
        return (hook === undefined ? send() : hook(send)) as ReturnType<typeof next>;
      },
    { step: "initialize" },
  );
  return client;
};

beforeAll(async () => {
  kinesis = await startKinesis();
});
afterAll(() => kinesis.close());
beforeEach(async () => {
  put = (send) => send();
  list = (send) => send();
  aheadMs = 0;
  test = await openTestServer({
    kinesisClient,
    clock: () => Date.now() + aheadMs,
    allowedStreams: ["arn:aws:kinesis:us-east-1:000000000000:stream/*"],
  });
  control = test.controlClient();
  kinesisName = `journal-${randomUUID()}`;
  await kinesis.createStream(kinesisName, 2);
});
afterEach(() => test.close());

const ledger = () => test.server.store.open(testLedgerName);

async function run(statement: string, parameter?: string): Promise<void> {
  await (
    await ledger()
  ).transact((transaction) =>
    transaction.execute(statement, ...(parameter === undefined ? [] : [load(parameter)!])),
  );
}

/** A table, three documents in one transaction, an update, a deletion. */
async function runHistory(): Promise<void> {
  await run("CREATE TABLE Car");
  await run("INSERT INTO Car ?", `[{VIN: "1", price: 12.50}, {VIN: "2"}, {VIN: "3", at: 2020-01-01T}]`);
  await run(`UPDATE Car SET price = 13.0 WHERE VIN = '1'`);
  await run(`DELETE FROM Car WHERE VIN = '2'`);
}

async function start(options: Partial<StreamJournalToKinesisCommandInput> & { aggregated?: boolean } = {}) {
  const { aggregated = true, ...input } = options;
  const { StreamId } = await control.send(
    new StreamJournalToKinesisCommand({
      LedgerName: testLedgerName,
      StreamName: `to-${randomUUID().slice(0, 8)}`,
      RoleArn: "arn:aws:iam::000000000000:role/streams",
      InclusiveStartTime: new Date(0),
      KinesisConfiguration: {
        StreamArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${kinesisName}`,
        AggregationEnabled: aggregated,
      },
      ...input,
    }),
  );
  return StreamId!;
}

async function describeStream(StreamId: string): Promise<JournalKinesisStreamDescription> {
  const command = new DescribeJournalKinesisStreamCommand({ LedgerName: testLedgerName, StreamId });
  return (await control.send(command)).Stream!;
}

/** The content of the data stream, decoded, and the partition keys of its records. */
async function streamed() {
  const shards = await readKinesisStream(kinesis.client, kinesisName);
  const records = shards
    .flat()
    .flatMap(({ Data, PartitionKey }): Pick<UserRecord, "data" | "partitionKey">[] => {
      const content = deaggregate(Data!);
      const single = [{ data: Data!, partitionKey: PartitionKey! }];
      return content.kind === "aggregate" ? [...content.records] : single;
    });
  const all = records.map(({ data, partitionKey }) => ({ envelope: decodeIon(data), partitionKey }));
  const ofType = (type: string) =>
    all.filter(({ envelope }) => envelope.get("recordType")?.stringValue() === type);
  const payloads = (type: string) => ofType(type).map(({ envelope }) => envelope.get("payload")!);
  const blocks = payloads("BLOCK_SUMMARY").map((payload) => decodeBlock(encodeIon(payload)));
  return {
    kinesisRecords: shards.flat().length,
    control: payloads("CONTROL").map((payload) => payload.get("controlRecordType")?.stringValue()),
    blocks,
    numbers: blocks.map(({ blockAddress }) => blockAddress.sequenceNo).toSorted((a, b) => a - b),
    details: payloads("REVISION_DETAILS"),
    keys: new Set(all.map(({ partitionKey }) => partitionKey)),
    arns: new Set(all.map(({ envelope }) => envelope.get("qldbStreamArn")?.stringValue())),
  };
}

async function until<T>(read: () => Promise<T>, isReached: (value: T) => boolean): Promise<T> {
  for (let value = await read(); ; value = await read()) {
    if (isReached(value)) return value;
    await sleep(30);
  }
}

const tip = async () => (await (await ledger()).digest()).tipAddress.sequenceNo;
const upTo = (last: number, first = 0) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
/** Waits for the blocks up to one, and for every revision that they announce: both lie on shards of their own. */
const allStreamed = async (last: number) =>
  until(streamed, ({ numbers, blocks, details }) => {
    const announced = blocks.flatMap((block) => block.revisionSummaries ?? []).filter((r) => r.documentId);
    return (
      new Set(numbers).size === last + 1 && numbers.at(-1) === last && details.length >= announced.length
    );
  });

describe.each([true, false])("A journal stream (aggregated: %s)", (aggregated) => {
  it("sends every block and every revision as the journal holds them, then what is committed later", async () => {
    await runHistory();
    const streamId = await start({ aggregated });
    const before = await tip();
    const first = await allStreamed(before);
    expect(first.control).toEqual(["CREATED"]);
    await run("INSERT INTO Car ?", `{VIN: "4"}`);
    const found = await allStreamed(before + 1);
    expect(found.numbers).toEqual(upTo(before + 1));
    // The rule of AWS's Java sample (JournalBlock.verifyBlockHash), of the first block too.
    for (const { transactionInfo, entriesHashList } of found.blocks) {
      expect(entriesHashList.map(formatHash)).toContain(formatHash(hashIon(transactionInfo!)));
    }
    expect(found.arns).toEqual(new Set([(await describeStream(streamId)).Arn]));

    const original = [];
    for await (const { ion } of (await ledger()).blocks()) original.push(decodeBlock(ion));
    const inOrder = found.blocks.toSorted((a, b) => a.blockAddress.sequenceNo - b.blockAddress.sequenceNo);
    for (const [i, { revisions, ...block }] of original.entries()) {
      const { revisionSummaries, ...summary } = inOrder[i]!;
      expect(summary.blockHash).toEqual(block.blockHash);
      expect(summary.entriesHashList).toEqual(block.entriesHashList);
      expect(summary.blockTimestamp).toBe(block.blockTimestamp);
      expect(summary.transactionInfo !== undefined).toBe(block.transactionInfo !== undefined);
      expect(revisionSummaries).toEqual(
        revisions?.map(({ hash, metadata }) => ({ hash, ...(metadata && { documentId: metadata.id }) })),
      );
      expect(found.keys).toContain(Buffer.from(block.blockHash).toString("hex"));
    }
    const revisions = original
      .flatMap((block) => block.revisions ?? [])
      .filter((r) => r.metadata !== undefined);
    const hashes = (values: readonly { hash: Uint8Array }[]) =>
      values.map(({ hash }) => Buffer.from(hash).toString("hex")).toSorted();
    const details = found.details.map((payload) =>
      decodeRevision(readSingleValue(encodeIon(payload.get("revision")!)), ""),
    );
    expect(hashes(details)).toEqual(hashes(revisions));
    expect(revisions.length).toBe(6);
    for (const hash of hashes(revisions)) expect(found.keys).toContain(hash);
    const tables = found.details.map((payload) => payload.get("tableInfo", "tableName")?.stringValue());
    expect(new Set(tables)).toEqual(new Set(["Car"]));
    expect(found.kinesisRecords < found.numbers.length + 7).toBe(aggregated);
  });

  it("begins at the start time, which is included, and completes at the end time, which is not", async () => {
    await runHistory();
    const times: number[] = [];
    for await (const { ion } of (await ledger()).blocks()) {
      times.push(Date.parse(decodeBlock(ion).blockTimestamp));
    }
    const [first, last] = [2, times.length - 1];
    const isAfter = (time: number) => times.filter((each) => each < time).length;
    const streamId = await start({
      aggregated,
      InclusiveStartTime: new Date(times[first]!),
      ExclusiveEndTime: new Date(times[last]!),
    });
    const description = await until(
      () => describeStream(streamId),
      ({ Status }) => Status === "COMPLETED",
    );
    expect(description.ExclusiveEndTime).toEqual(new Date(times[last]!));
    const found = await streamed();
    expect(found.numbers).toEqual(upTo(isAfter(times[last]!) - 1, isAfter(times[first]!)));
    expect(found.control.toSorted()).toEqual(["COMPLETED", "CREATED"]);
  });
});

it("completes when its end time comes, though nothing more is committed", async () => {
  const streamId = await start({ ExclusiveEndTime: new Date(Date.now() + 60_000) });
  await until(streamed, ({ control: records }) => records.length === 1);
  expect((await describeStream(streamId)).Status).toBe("ACTIVE");
  aheadMs = 60_000;
  await until(
    () => describeStream(streamId),
    ({ Status }) => Status === "COMPLETED",
  );
  expect((await streamed()).control.toSorted()).toEqual(["COMPLETED", "CREATED"]);
});

it("goes on after a restart where it was, and sends nothing twice that it had noted", async () => {
  await runHistory();
  const streamId = await start();
  const before = await tip();
  await allStreamed(before);
  // The server ends when its streams have noted what is in Kinesis.
  await test.restart();
  control = test.controlClient();
  await run("INSERT INTO Car ?", `{VIN: "5"}`);
  const found = await allStreamed(before + 1);
  expect(found.numbers).toEqual(upTo(before + 1));
  expect(found.control).toEqual(["CREATED"]);
  expect((await describeStream(streamId)).Status).toBe("ACTIVE");
});

it("sends again what it cannot know to have arrived, and leaves out nothing", async () => {
  await runHistory();
  let calls = 0;
  put = async (send) => {
    calls += 1;
    const answer = await send();
    // The first call announces the stream.
    if (calls > 1 && calls <= 4) throw Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    return answer;
  };
  const streamId = await start({ aggregated: false });
  const last = await tip();
  const found = await until(streamed, ({ numbers }) => numbers.length > last + 1);
  await until(
    () => Promise.resolve(calls),
    (n) => n > 4,
  );
  expect(new Set(found.numbers)).toEqual(new Set(upTo(last)));
  expect((await describeStream(streamId)).Status).toBe("ACTIVE");
});

it("is impaired while the data stream is not there or not allowed, and goes on afterwards", async () => {
  kinesisName = `late-${randomUUID()}`;
  await run("CREATE TABLE Car");
  const streamId = await start();
  const impaired = await until(
    () => describeStream(streamId),
    ({ Status }) => Status === "IMPAIRED",
  );
  expect(impaired.ErrorCause).toBe("KINESIS_STREAM_NOT_FOUND");
  put = () =>
    Promise.reject(Object.assign(new Error("no"), { name: "AccessDeniedException", $metadata: {} }));
  await kinesis.createStream(kinesisName, 1);
  await until(
    () => describeStream(streamId),
    ({ ErrorCause }) => ErrorCause === "IAM_PERMISSION_REVOKED",
  );
  put = (send) => send();
  const active = await until(
    () => describeStream(streamId),
    ({ Status }) => Status === "ACTIVE",
  );
  expect(active.ErrorCause).toBeUndefined();
  expect((await allStreamed(await tip())).numbers).toEqual(upTo(await tip()));
});

it("waits while the data stream has no shards yet, as one that is being created, and leaves out nothing", async () => {
  let listed = 0;
  list = (send) => {
    listed += 1;
    return listed > 2 ? send() : Promise.resolve({ output: { Shards: [], $metadata: {} } });
  };
  await run("CREATE TABLE Car");
  await start();
  const found = await allStreamed(await tip());
  expect([found.control, listed]).toEqual([["CREATED"], 3]);
});

it("is listed page by page, described and canceled, and then sends nothing more", async () => {
  const ids = [await start(), await start(), await start()];
  const listed: (string | undefined)[] = [];
  const pages = paginateListJournalKinesisStreamsForLedger(
    { client: control, pageSize: 2 },
    { LedgerName: testLedgerName },
  );
  let count = 0;
  for await (const { Streams } of pages) {
    count += 1;
    listed.push(...Streams!.map(({ StreamId }) => StreamId));
  }
  expect(count).toBe(2);
  expect(listed.toSorted()).toEqual(ids.toSorted());
  expect(await describeStream(ids[0]!)).toMatchObject({
    LedgerName: testLedgerName,
    StreamId: ids[0],
    Status: "ACTIVE",
    RoleArn: "arn:aws:iam::000000000000:role/streams",
    CreationTime: expect.any(Date),
    KinesisConfiguration: { AggregationEnabled: true, StreamArn: expect.stringContaining(kinesisName) },
  });
  await until(streamed, ({ control: records }) => records.length === 3);
  for (const StreamId of ids) {
    const cancel = () =>
      control.send(new CancelJournalKinesisStreamCommand({ LedgerName: testLedgerName, StreamId }));
    expect(await cancel()).toMatchObject({ StreamId });
    expect((await describeStream(StreamId)).Status).toBe("CANCELED");
    await expect(cancel()).rejects.toMatchObject({ name: "ResourcePreconditionNotMetException" });
  }
  await run("CREATE TABLE Late");
  const last = await tip();
  await start();
  // A stream that runs has sent the block: the others would have, too.
  const { numbers, control: records } = await until(streamed, (found) => found.numbers.includes(last));
  expect(numbers.filter((number) => number === last)).toHaveLength(1);
  // Not COMPLETED: that would say that the end time was reached.
  expect(records).toEqual(["CREATED", "CREATED", "CREATED", "CREATED"]);
});

it("refuses what cannot be", async () => {
  const refused = async (input: Parameters<typeof start>[0], name: string, ParameterName?: string) =>
    expect(start(input)).rejects.toMatchObject(
      ParameterName === undefined ? { name } : { name, ParameterName },
    );
  const invalid = "InvalidParameterException";
  await refused({ LedgerName: "no-such" }, "ResourceNotFoundException");
  await refused({ StreamName: "a--b" }, invalid, "StreamName");
  await refused({ InclusiveStartTime: new Date(Date.now() + 60_000) }, invalid, "InclusiveStartTime");
  await refused({ ExclusiveEndTime: new Date(0) }, invalid, "ExclusiveEndTime");
  await refused(
    { KinesisConfiguration: { StreamArn: "arn:aws:sqs:x:y:z" } },
    invalid,
    "KinesisConfiguration",
  );
  await start({ StreamName: "one" });
  await refused({ StreamName: "one" }, invalid, "StreamName");
  for (let i = 0; i < 4; i += 1) await start();
  await refused({}, "LimitExceededException");
  await expect(describeStream("0".repeat(22))).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

it("fails for good at a record that is longer than Kinesis takes, and says so", async () => {
  const bytes = 4_000_000;
  const limits = {
    documentBytesMax: bytes,
    parameterBytesMax: bytes,
    parameterTextBytesMax: bytes,
    transactionBytesMax: bytes,
    requestBytesMax: bytes,
  };
  await test.restart({ limits });
  control = test.controlClient();
  await run("CREATE TABLE Car");
  const streamId = await start();
  await run("INSERT INTO Car ?", `{text: "${"x".repeat(1_100_000)}"}`);
  const failed = await until(
    () => describeStream(streamId),
    ({ Status }) => Status === "FAILED",
  );
  expect(failed.ErrorCause).toBeUndefined();
});
