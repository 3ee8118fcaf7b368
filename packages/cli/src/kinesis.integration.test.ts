// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PutRecordCommand } from "@aws-sdk/client-kinesis";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { encodeEvent } from "@ledger-loader/core";
import {
  aHistory,
  anEvent,
  readKinesisStream,
  startKinesis,
  type KinesisEmulator,
} from "@ledger-loader/testkit";
import { runWords, serve, type CliResult, type ServedLedgers } from "../test/run-words";
import { watchWorker } from "../test/watch-worker";

let folder: string;
let server: ServedLedgers;
let kinesis: KinesisEmulator;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-kinesis-"));
  server = await serve(join(folder, "data"));
  kinesis = await startKinesis();
});
afterAll(async () => {
  await kinesis.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const env = () => ({ ...server.env, AWS_ENDPOINT_URL_KINESIS: kinesis.endpoint });
const run = (...words: string[]): Promise<CliResult> => runWords(words, { env: env() });

const EVENTS = [...aHistory(["INSERT", "UPDATE", "DELETE"], { id: "a" }), anEvent({ id: "b" })];

function eventFile(name: string): string {
  const file = join(folder, name);
  writeFileSync(file, EVENTS.map((event) => `${encodeEvent(event)}\n`).join(""));
  return file;
}

async function revisions(ledger: string): Promise<number> {
  const { stdout } = await run("ledger", "query", ledger, "SELECT COUNT(*) FROM history(Vehicle)");
  return Number(/_1:\s*(\d+)/.exec(stdout)?.[1] ?? 0);
}

/** Runs `consume` until the ledger has so many revisions. */
async function consume(stream: string, ledger: string, expected: number): Promise<CliResult> {
  let stop: () => void = () => undefined;
  const checkpoint = join(folder, `${ledger}.checkpoint`);
  const letters = join(folder, `${ledger}.letters`);
  const places = ["--checkpoints", checkpoint, "--dead-letters", letters];
  const running = runWords(["consume", `kinesis:${stream}`, "--ledger", ledger, ...places, "--json"], {
    env: env(),
    onStoppable: (handler) => {
      stop = handler;
    },
  });
  const ended = running.then(() => true);
  while ((await revisions(ledger)) < expected) {
    if (await Promise.race([ended, sleep(50).then(() => false)])) break;
  }
  await sleep(400);
  stop();
  return running;
}

describe("load --to kinesis:, then consume kinesis:", () => {
  it("takes events through the stream into a ledger, and goes on behind them when it is run again", async () => {
    await kinesis.createStream("events", 2);
    expect(await run("ledger", "create", "copy")).toMatchObject({ exitCode: 0 });
    const sent = await run("load", eventFile("events.ion"), "--to", "kinesis:events");
    expect(sent).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("4 sent to the channel") });
    const first = await consume("events", "copy", 4);
    expect(first.exitCode).toBe(0);
    expect(first.json()).toMatchObject({ source: "kinesis:events", written: 4, skipped: {}, parked: 0 });

    const Data = Buffer.from("{op:");
    await kinesis.client.send(new PutRecordCommand({ StreamName: "events", PartitionKey: "k", Data }));
    const update = anEvent({ id: "b", op: "UPDATE", version: 1, data: { n: 1 } });
    writeFileSync(join(folder, "more.ion"), encodeEvent(update));
    await run("load", join(folder, "more.ion"), "--to", "kinesis:events");
    const second = await consume("events", "copy", 5);
    expect(second.exitCode).toBe(1);
    expect(second.json()).toMatchObject({ written: 1, skipped: {}, parked: 1 });
    expect(readFileSync(join(folder, "copy.letters"), "utf8")).toContain('"channel":"kinesis"');
  });

  it("shows at its health port who reads each shard, how far, and what came of it", async () => {
    await run("ledger", "create", "watched");
    const places = ["--checkpoints", join(folder, "watched.checkpoint"), "--park-after", "0"];
    const options = [...places, "--dead-letters", join(folder, "watched.letters")];
    const words = ["consume", "kinesis:events", "--ledger", "watched", ...options];
    const worker = await watchWorker(words, env());
    const shards = await worker.shown({ loaded: 5, parked: 1 });
    const leases = JSON.parse(readFileSync(join(folder, "watched.checkpoint"), "utf8")) as {
      readonly leases: readonly { readonly shardId: string; readonly checkpoint?: string }[];
    };
    for (const shard of shards) {
      const lease = leases.leases.find(({ shardId }) => shardId === shard["shardId"]);
      expect(shard).toMatchObject({ reader: "this", hasEnded: false });
      expect(shard["position"]).toBe(lease?.checkpoint);
      if (shard["loaded"] !== undefined) expect(shard["lagMs"]).toBeGreaterThanOrEqual(0);
    }
    expect(shards).toHaveLength(2);
    expect((await worker.stop()).json()).toMatchObject({ written: 5, parked: 1 });
  });

  it("packs events into few records if told to", async () => {
    await kinesis.createStream("packed", 1);
    const words = ["load", eventFile("packed.ion"), "--to", "kinesis:packed"];
    expect(await run(...words, "--aggregate")).toMatchObject({ exitCode: 0 });
    expect((await readKinesisStream(kinesis.client, "packed")).flat()).toHaveLength(1);
    await run("ledger", "create", "unpacked");
    expect((await consume("packed", "unpacked", 4)).json()).toMatchObject({ written: 4, parked: 0 });
  });

  it("ends when nothing new comes, although what it cannot apply is tried again and again", async () => {
    await kinesis.createStream("poisoned", 1);
    const Data = Buffer.from("{op:");
    await kinesis.client.send(new PutRecordCommand({ StreamName: "poisoned", PartitionKey: "k", Data }));
    await run("load", eventFile("behind.ion"), "--to", "kinesis:poisoned");
    await run("ledger", "create", "behind");
    const checkpoints = ["--checkpoints", join(folder, "poisoned.checkpoints")];
    const words = ["consume", "kinesis:poisoned", "--until-idle", "1", "--json", ...checkpoints];
    const result = await run(...words, "--ledger", "behind");
    expect(result.exitCode).toBe(1);
    expect(result.json()).toMatchObject({ written: 4, parked: 0, handedBack: 1 });
    // The checkpoints say what this ledger has; another one must not go on there.
    const other = await run(...words, "--ledger", "unpacked");
    expect([other.exitCode, other.stderr]).toEqual([2, expect.stringContaining("[CHECKPOINT_FILE]")]);
  });

  it("says that there is no such stream", async () => {
    const places = ["--checkpoints", join(folder, "none"), "--dead-letters", join(folder, "none.letters")];
    for (const words of [
      ["load", eventFile("none.ion"), "--to", "kinesis:none"],
      ["consume", "kinesis:none", "--ledger", "copy", ...places],
    ]) {
      const result = await run(...words);
      expect(result.exitCode).toBe(2);
      expect(result.stderr).toMatch(/use the stream none, found ResourceNotFoundException/);
    }
  });

  it("says which sources it knows", async () => {
    const places = ["--checkpoints", "x", "--dead-letters", "y"];
    const result = await run("consume", "queue", "--ledger", "copy", ...places);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(
      /expected a source such as sqs:.*kafka:events or kinesis:journal or dynamodb:arn:.*, found "queue"/,
    );
  });
});

it("consume kinesis: --mapping dms loads what DMS writes to a stream", async () => {
  await kinesis.createStream("changes", 1);
  await run("ledger", "create", "dms");
  const file = join(folder, "dms-mapping.json");
  writeFileSync(file, `[{"source-table": "person", "target-table": "Person", "id-field": "id"}]`);
  const record = (operation: string, data: object, at: number): string =>
    JSON.stringify({
      data,
      metadata: {
        "record-type": "data",
        operation,
        "schema-name": "hr",
        "table-name": "person",
        "stream-position": `mysql-bin-changelog.000036:${at}:0`,
        "transaction-id": at,
        "transaction-record-id": 1,
      },
    });
  const bodies = [
    record("insert", { id: 1, name: "Ada" }, 10),
    record("update", { id: 1, name: "Eve" }, 20),
    record("insert", { id: 1, name: "Ada" }, 10),
    record("delete", { id: 1 }, 30),
  ];
  for (const body of bodies) {
    const Data = Buffer.from(body);
    await kinesis.client.send(
      new PutRecordCommand({ StreamName: "changes", PartitionKey: "hr.person", Data }),
    );
  }
  const places = ["--checkpoints", join(folder, "dms.checkpoints"), "--until-idle", "2"];
  const words = ["consume", "kinesis:changes", "--ledger", "dms", "--mapping", "dms", ...places, "--json"];
  const settings = { ...env(), DMS_SOURCE_ENGINE: "mysql", DMS_MAPPING_FILE: file };
  const consumed = await runWords(words, { env: settings });
  // The repetition is superseded, or applied already where it came in one batch with the first.
  expect(JSON.parse(consumed.stdout)).toMatchObject({
    deliveries: 4,
    written: 3,
    rejected: {},
    handedBack: 0,
  });
});
