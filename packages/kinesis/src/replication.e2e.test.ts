// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { QLDBClient, StreamJournalToKinesisCommand } from "@aws-sdk/client-qldb";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { BaseRevisionWriter, type Loader, createLoader, parkFailures } from "@ledger-loader/core";
import { openExport } from "@ledger-loader/export";
import { createQldbStreamHandler, decodeQldbStreamRecord } from "@ledger-loader/kinesis";
import { deaggregate } from "@ledger-loader/kpl";
import { createDriverHistory, idFieldFinder, reconcile, type ReconcileReport } from "@ledger-loader/move";
import {
  readKinesisStream,
  seededRandom,
  SimulatedCrashError,
  startKinesis,
  startLedger,
  type KinesisEmulator,
  type Random,
  type TestLedger,
  KinesisEventSource,
} from "@ledger-loader/testkit";
import { load } from "ion-js";
import { MemorySink } from "../test/memory-sink";
import { aStore, isDrained, removeStores, runUntil } from "../test/run-consumer";

let kinesis: KinesisEmulator;
let source: TestLedger;
let target: TestLedger;
let streamName: string;
let folder: string;
/** Tells when the ledger has put records into the stream. */
const puts = new EventEmitter();

beforeAll(async () => {
  kinesis = await startKinesis();
});
afterAll(async () => {
  await kinesis.close();
  await removeStores();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "replication-"));
  streamName = `journal-${randomUUID()}`;
  await kinesis.createStream(streamName, 3);
  const kinesisClient = () => losingAnswers();
  source = await startLedger({ name: "source", tables: { Vehicle: ["VIN"], Person: [] }, kinesisClient });
  const tables = { Vehicle: ["oldDocumentId"], Person: ["oldDocumentId"] };
  target = await startLedger({ name: "target", tables });
});
afterEach(async () => {
  await source.close();
  await target.close();
  await rm(folder, { recursive: true });
});

/** A client that loses every second answer to a `PutRecords`: the records are in the stream, and come again. */
function losingAnswers(): KinesisClient {
  const client = new KinesisClient({ ...kinesis.clientConfig, maxAttempts: 1 });
  let calls = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      if (context.commandName !== "PutRecordsCommand") return answer;
      puts.emit("put");
      calls += 1;
      if (calls % 2 === 1) return answer;
      throw Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    },
    { step: "initialize" },
  );
  return client;
}

/** Inserts, updates, deletions and records inserted anew, in two tables, some of them in one transaction. */
async function runHistory(transactions: number): Promise<void> {
  const random = seededRandom(5);
  const embedded = await source.embedded();
  const documents: { table: string; id: string }[] = [];
  for (let i = 0; i < transactions; i += 1) {
    await embedded.transact(async (transaction) => {
      const run = (statement: string, ...parameters: string[]) =>
        transaction.execute(statement, ...parameters.map((text) => load(text)!));
      const known = documents[random.below(documents.length + 1)];
      if (known === undefined || random.chance(0.3)) {
        const table = random.chance(0.7) ? "Vehicle" : "Person";
        const rows = await run(`INSERT INTO ${table} ?`, `[{n: ${i}, at: 2020-01-01T}, {n: ${i}.50}]`);
        documents.push(...rows.map((row) => ({ table, id: row.get("documentId")!.stringValue()! })));
      } else if (random.chance(0.15)) {
        await run(`DELETE FROM ${known.table} BY id WHERE id = ?`, JSON.stringify(known.id));
        documents.splice(documents.indexOf(known), 1);
      } else {
        const where = JSON.stringify(known.id);
        await run(`UPDATE ${known.table} AS d BY id SET d.n = ? WHERE id = ?`, `${i}`, where);
      }
    });
  }
}

async function startStream(aggregated: boolean): Promise<void> {
  const client = new QLDBClient({
    endpoint: source.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  await client.send(
    new StreamJournalToKinesisCommand({
      LedgerName: source.name,
      StreamName: "copy",
      RoleArn: "arn:aws:iam::000000000000:role/streams",
      InclusiveStartTime: new Date(0),
      KinesisConfiguration: {
        StreamArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${streamName}`,
        AggregationEnabled: aggregated,
      },
    }),
  );
  client.destroy();
}

/** The summaries' block numbers in the stream. */
async function streamedBlocks(): Promise<number[]> {
  const records = (await readKinesisStream(kinesis.client, streamName)).flat();
  const datas = records.flatMap(({ Data }) => {
    const content = deaggregate(Data!);
    return content.kind === "aggregate" ? content.records.map(({ data }) => data) : [Data!];
  });
  return datas.flatMap((data) => {
    const payload = load(data)!.get("payload");
    return payload?.get("blockHash") ? [payload.get("blockAddress", "sequenceNo")!.numberValue()!] : [];
  });
}

async function untilStreamed(): Promise<number[]> {
  const { tipAddress } = await (await source.embedded()).digest();
  for (;;) {
    const put = once(puts, "put");
    const blocks = await streamedBlocks();
    if (new Set(blocks).size === tipAddress.sequenceNo + 1) return blocks;
    await put;
  }
}

/** A loader that writes, and then now and then crashes before anything is acknowledged. */
function crashing(loader: Loader, random: Random): Loader {
  return {
    load: async (deliveries, options) => {
      const report = await loader.load(deliveries, options);
      if (random.chance(0.2)) throw new SimulatedCrashError("The loader crashed after its work.");
      return report;
    },
    close: () => loader.close(),
  };
}

const toTarget = () => createLoader({ ledger: target.connect(), writer: new BaseRevisionWriter() });

async function compare(): Promise<ReconcileReport> {
  await (await source.embedded()).export({ folder, format: "ion-binary" });
  return reconcile(await openExport([folder]), createDriverHistory(target.connect()), {
    idFieldOf: idFieldFinder({}),
  });
}

function expectEqual(report: ReconcileReport): void {
  expect(report).toMatchObject({ equal: true, differencesTotal: 0 });
  expect(report.revisions.exported).toBeGreaterThan(50);
  expect(report.revisions.equal).toBe(report.revisions.exported);
}

describe.each([true, false])("A ledger copied over its journal stream (aggregated: %s)", (aggregated) => {
  it("is equal, with duplicates, several shards and crashes of the Lambda function", async () => {
    await runHistory(30);
    await startStream(aggregated);
    await runHistory(20);
    const blocks = await untilStreamed();
    expect(blocks.length).toBeGreaterThan(new Set(blocks).size);
    const sink = new MemorySink();
    const loader = toTarget();
    const parking = parkFailures(loader, { sink, channel: "qldb-stream", waitMs: 100 });
    const eventSource = new KinesisEventSource({
      client: kinesis.client,
      streamName,
      handler: createQldbStreamHandler(crashing(parking, seededRandom(11))),
      batchSizeMax: 7,
      retryDelayMs: 5,
    });
    await eventSource.drain();
    // Redriven together, because what is parked may wait for what is parked.
    const parked = sink.take().map(({ deliveryId, body }) => ({
      deliveryId,
      decode: () => decodeQldbStreamRecord(Buffer.from(body)),
    }));
    expect((await loader.load(parked, { onFailure: "continue" })).failed).toEqual([]);
    expectEqual(await compare());
  });

  it("is equal, without parking anything, when consumers crash and are started again", async () => {
    const random = seededRandom(13);
    const checkpoints = await aStore(streamName);
    await startStream(aggregated);
    await runHistory(50);
    await untilStreamed();
    const options = {
      client: kinesis.client,
      streamName,
      loader: crashing(toTarget(), random),
      checkpoints,
      decode: decodeQldbStreamRecord,
      recordsMax: 7,
    };
    const drained = () => isDrained(kinesis.client, streamName, checkpoints);
    let crashes = 0;
    for (let isDone = false; !isDone;) {
      isDone = await runUntil(options, drained).then(
        () => true,
        () => {
          crashes += 1;
          return false;
        },
      );
    }
    expect(crashes).toBeGreaterThan(0);
    expectEqual(await compare());
  });
});
