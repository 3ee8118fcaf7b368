// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import {
  CancelJournalKinesisStreamCommand,
  DescribeJournalKinesisStreamCommand,
  StreamJournalToKinesisCommand,
  type JournalKinesisStreamDescription,
} from "@aws-sdk/client-qldb";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { decodeIon } from "@ledger-loader/ion";
import { describeWhen, readKinesisStream, startKinesis, type KinesisEmulator } from "@ledger-loader/testkit";
import { LedgerStore, openLedgerServer, type LedgerServer, type LedgerServerOptions } from "../index";
import { databaseAvailability, openTestPostgres, type TestPostgres } from "../../test/open-test-database";
import { openTestServer, testLedgerName, type TestServer } from "../../test/open-test-server";
import { query } from "../../test/open-test-store";

interface Killed {
  readonly ledgerName: string;
  readonly serverId: string;
}

const ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/journal";

describeWhen(databaseAvailability(), describe)("A journal stream of servers on one database", () => {
  let kinesis: KinesisEmulator;
  let postgres: TestPostgres;
  let first: TestServer;
  let second: LedgerServer;
  let streams = 0;
  const urls: string[] = [];
  let kinesisArn: string;

  const options = (): Partial<LedgerServerOptions> => ({
    kinesisClient: () => new KinesisClient({ ...kinesis.clientConfig, maxAttempts: 1 }),
    allowedStreams: [`${ARN}*`],
  });

  beforeAll(async () => {
    [kinesis, postgres] = await Promise.all([startKinesis(), openTestPostgres()]);
  });
  afterAll(() => Promise.all([kinesis.close(), postgres.close()]));
  beforeEach(async () => {
    kinesisArn = `${ARN}${++streams}`;
    await kinesis.createStream(`journal${streams}`, 1);
    const postgresUrl = await postgres.makeDatabase();
    urls.push(postgresUrl);
    first = await openTestServer({ ...options(), postgresUrl });
    second = await openLedgerServer({ ...options(), postgresUrl });
    await insert(first.server, "CREATE TABLE Car");
  });
  afterEach(async () => {
    await second.close();
    await first.close();
  });

  async function insert(server: LedgerServer, statement = "INSERT INTO Car {'n': 1}"): Promise<void> {
    await query(await server.store.open(testLedgerName), statement);
  }

  async function start(): Promise<string> {
    const { StreamId = "" } = await first.controlClient().send(
      new StreamJournalToKinesisCommand({
        LedgerName: testLedgerName,
        StreamName: "all",
        RoleArn: "arn:aws:iam::000000000000:role/streams",
        InclusiveStartTime: new Date(0),
        KinesisConfiguration: { StreamArn: kinesisArn, AggregationEnabled: false },
      }),
    );
    return StreamId;
  }

  async function describeAt(
    server: LedgerServer,
    StreamId: string,
  ): Promise<JournalKinesisStreamDescription> {
    const command = new DescribeJournalKinesisStreamCommand({ LedgerName: testLedgerName, StreamId });
    return (await first.controlClient({ endpoint: server.endpoint }).send(command)).Stream!;
  }

  /** The numbers of the blocks in the data stream, as they came. */
  async function blocks(): Promise<readonly number[]> {
    const shards = await readKinesisStream(kinesis.client, `journal${streams}`);
    return shards
      .flat()
      .map(({ Data }) => decodeIon(Data!))
      .filter((record) => record.get("recordType")?.stringValue() === "BLOCK_SUMMARY")
      .map((record) => record.get("payload", "blockAddress", "sequenceNo")?.numberValue() ?? NaN);
  }

  async function arrived(last: number): Promise<readonly number[]> {
    for (;;) {
      const found = await blocks();
      if (found.includes(last)) return found;
      await sleep(30);
    }
  }

  it("has what every server commits, is told of by all, and goes on at another server when its own ends", async () => {
    const streamId = await start();
    await insert(second);
    expect(await arrived(1)).toEqual([0, 1]);
    expect(await describeAt(second, streamId)).toEqual(await describeAt(first.server, streamId));
    await first.server.close();
    await insert(second);
    // What was noted as sent is not sent again.
    expect(await arrived(2)).toEqual([0, 1, 2]);
  });

  it("is canceled by a server that does not send it, and then has nothing more", async () => {
    const streamId = await start();
    await arrived(0);
    const client = first.controlClient({ endpoint: second.endpoint });
    await client.send(
      new CancelJournalKinesisStreamCommand({ LedgerName: testLedgerName, StreamId: streamId }),
    );
    expect((await describeAt(first.server, streamId)).Status).toBe("CANCELED");
    await insert(first.server);
    // A second stream has the block once both have looked for it.
    const other = await start();
    expect(other).not.toBe(streamId);
    expect(await arrived(1)).toEqual([0, 0, 1]);
  });

  it("waits as impaired for a server that may write to its data stream, when its own server was killed", async () => {
    const streamId = await start();
    await arrived(0);
    await first.server.close();
    await second.close();
    // As the record of a server that was killed.
    const postgresUrl = urls.at(-1) ?? "";
    const store = await LedgerStore.open({ postgresUrl });
    const records = await store.openRecords<Killed>("streams");
    const [record] = await records.readAll();
    await records.write(streamId, { ...record!, serverId: "killed" });
    await store.close();

    second = await openLedgerServer({ postgresUrl });
    expect(second.notices).toEqual([expect.stringContaining(`--allow-stream ${kinesisArn}`)]);
    expect(await describeAt(second, streamId)).toMatchObject({
      Status: "IMPAIRED",
      ErrorCause: "IAM_PERMISSION_REVOKED",
    });
    await second.close();
    second = await openLedgerServer({ ...options(), postgresUrl });
    await insert(second);
    expect(await arrived(1)).toEqual([0, 1]);
    expect(await describeAt(second, streamId)).toMatchObject({ Status: "ACTIVE" });
  });
});
