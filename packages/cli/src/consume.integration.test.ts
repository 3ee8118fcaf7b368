// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type RevisionEvent, encodeEvent } from "@ledger-loader/core";
import { createKafkaClient, createKafkaPublisher } from "@ledger-loader/msk";
import {
  aHistory,
  receiveAll,
  startKafkaStandIn,
  startSqs,
  type KafkaBroker,
  type SqsEmulator,
} from "@ledger-loader/testkit";
import { runWords, serve, type CliResult, type RunOptions, type ServedLedgers } from "../test/run-words";
import { watchWorker } from "../test/watch-worker";

const EVENTS = [
  ...aHistory(["INSERT", "UPDATE", "UPDATE", "DELETE"]),
  ...aHistory(["INSERT", "UPDATE"], { id: "v2" }),
];

let folder: string;
let server: ServedLedgers;
let sqs: SqsEmulator;
let kafka: KafkaBroker;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-consume-"));
  server = await serve(join(folder, "data"));
  sqs = await startSqs();
  kafka = await startKafkaStandIn();
});
afterAll(async () => {
  await kafka.close();
  await sqs.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(words: readonly string[], options: RunOptions = {}): Promise<CliResult> {
  const env = {
    ...server.env,
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    ...kafkaEnv(),
    ...options.env,
  };
  return runWords(words, { ...options, env });
}

const kafkaEnv = () => ({ KAFKA_BROKERS: kafka.brokers.join(), KAFKA_TLS: "false" });

/** A ledger with some histories, exported. */
async function exportedLedger(name: string): Promise<string> {
  await run(["ledger", "create", name]);
  const stdin = EVENTS.map((event) => `${encodeEvent(event)}\n`).join("");
  await run(["load", "-", "--to", `ledger:${name}`, "--id-field", "sourceId"], { stdin });
  const output = join(folder, name);
  await run(["ledger", "export", name, "--output", output]);
  return output;
}

async function queueOf(events: readonly RevisionEvent[], name: string): Promise<string> {
  const { url } = await sqs.createQueue({ name, fifo: true });
  const stdin = events.map((event) => `${encodeEvent(event)}\n`).join("");
  await run(["load", "-", "--to", `sqs:${url}`], { stdin });
  return url;
}

describe("consume sqs:", () => {
  it("moves a ledger over a queue, and says how much", async () => {
    const exported = await exportedLedger("source");
    const { url } = await sqs.createQueue({ name: "moving", fifo: true });
    await run(["export", "replay", exported, "--to", `sqs:${url}`]);
    await run(["ledger", "create", "copy"]);
    const result = await run(["consume", `sqs:${url}`, "--ledger", "copy", "--until-idle", "1", "--json"]);
    expect(result.json()).toEqual({
      source: `sqs:${url}`,
      ledger: "copy",
      deliveries: EVENTS.length,
      written: EVENTS.length,
      skipped: {},
      rejected: {},
      parked: 0,
      handedBack: 0,
    });
    expect(result.exitCode).toBe(0);
    const reconciled = await run(["reconcile", exported, "--ledger", "copy"]);
    expect(reconciled.stdout).toMatch(/^equal: /);
    await run(["export", "replay", exported, "--to", `sqs:${url}`]);
    const again = await run(["consume", `sqs:${url}`, "--ledger", "copy", "--until-idle", "1"]);
    expect(again.stdout).toBe(
      "everything that came is in the ledger\n6 deliveries: 0 written, 6 skipped (already-applied)\n",
    );
  });

  it("parks in a file what cannot be applied, which redrive reads, and ends with 1", async () => {
    const url = await queueOf(EVENTS.slice(1, 4), "gap");
    await run(["ledger", "create", "gap"]);
    const letters = join(folder, "letters.jsonl");
    const words = ["consume", `sqs:${url}`, "--ledger", "gap", "--until-idle", "1", "--json"];
    const result = await run([...words, "--dead-letters", letters, "--park-after", "0"]);
    expect(result.exitCode).toBe(1);
    expect(result.json()).toMatchObject({ deliveries: 3, written: 0, parked: 3, handedBack: 0 });
    expect(readFileSync(letters, "utf8").trim().split("\n")).toHaveLength(3);
    expect(await receiveAll(sqs.client, url)).toEqual([]);
    const stdin = `${encodeEvent(EVENTS[0]!)}\n`;
    await run(["load", "-", "--to", "ledger:gap"], { stdin });
    expect((await run(["redrive", letters, "--ledger", "gap"])).exitCode).toBe(0);
  });

  it("parks in a queue where DEAD_LETTERS says so", async () => {
    const url = await queueOf(EVENTS.slice(1, 2), "gap-to-queue");
    const { url: letters } = await sqs.createQueue({ name: "letters", fifo: false });
    await run(["ledger", "create", "gap-to-queue"]);
    const env = { PARK_WAIT_MS: "0", DEAD_LETTERS: `sqs:${letters}` };
    const result = await run(["consume", `sqs:${url}`, "--ledger", "gap-to-queue", "--until-idle", "1"], {
      env,
    });
    expect(result.stdout).toMatch(/^1 delivery parked, 0 handed back\n/);
    expect(await receiveAll(sqs.client, letters)).toHaveLength(1);
  });

  it("hands back without dead letters, says why, and writes no document into its log", async () => {
    const url = await queueOf(EVENTS.slice(1, 2), "handed-back");
    await run(["ledger", "create", "handed-back"]);
    const result = await run(["consume", `sqs:${url}`, "--ledger", "handed-back", "--until-idle", "1"]);
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain("0 deliveries parked, 1 handed back");
    expect(result.stdout).toContain("version-gap: 1 time rejected");
    expect(result.stderr).not.toContain(`"revision":`);
  });

  it("answers /health and /metrics, and drains when asked to stop", async () => {
    const url = await queueOf(EVENTS, "long");
    await run(["ledger", "create", "long"]);
    let stop: () => void = () => undefined;
    let address = "";
    const words = ["consume", `sqs:${url}`, "--ledger", "long", "--health-port", "0", "--json"];
    const running = run(words, {
      onStoppable: (ask) => {
        stop = ask;
      },
      onStderr: (text) => {
        address ||= /"url":"(http:[^"]+)"/.exec(text)?.[1] ?? "";
      },
    });
    while (address === "") await sleep(20);
    expect(await (await fetch(`${address}/health`)).json()).toEqual({ status: "ok", problems: [] });
    const metrics = async (): Promise<string> => (await fetch(`${address}/metrics`)).text();
    while (!(await metrics()).includes(`ledger_loader_events_total{channel="sqs",status="written"} 6`)) {
      await sleep(20);
    }
    stop();
    const result = await running;
    expect(result.exitCode).toBe(0);
    expect(result.json()).toMatchObject({ written: EVENTS.length });
    expect(result.stderr).toContain("worker drains");
  });
});

describe("consume kafka:", () => {
  it("loads a topic as a member of a group, which goes on where it was", async () => {
    await kafka.createTopic("events", 2);
    const client = createKafkaClient({ brokers: kafka.brokers, tls: false });
    const publisher = createKafkaPublisher({ client, topic: "events", idempotent: false });
    await publisher.publish(of(EVENTS));
    await publisher.close();
    await run(["ledger", "create", "topic"]);
    const words = ["consume", "kafka:events", "--ledger", "topic", "--until-idle", "3", "--json"];
    const result = await run([...words, "--group", "movers"]);
    expect(result.json()).toMatchObject({ deliveries: 6, written: 6, parked: 0, handedBack: 0 });
    expect(result.exitCode).toBe(0);
    expect((await run([...words, "--group", "movers"])).json()).toMatchObject({ deliveries: 0 });
    // Its page shows who reads each partition, how far, and what came of it.
    const watched = words.slice(0, 4).concat("--group", "others");
    const worker = await watchWorker(watched, { ...server.env, ...kafkaEnv() });
    const partitions = await worker.shown({ loaded: 6 });
    expect(partitions.map(({ shardId }) => shardId).sort()).toEqual(["events-0", "events-1"]);
    const read = partitions.filter(({ loaded }) => loaded !== undefined);
    expect(read.reduce((sum, { position }) => sum + Number(position), 0)).toBe(6);
    for (const partition of read)
      expect(partition).toMatchObject({ reader: "this", waiting: 0, parked: 0, lagMs: expect.any(Number) });
    const others = (await worker.stop()).json();
    expect(others).toMatchObject({ written: 0, skipped: { "already-applied": 6 } });
  });

  it("ends with 2 for a topic that is not there", async () => {
    await run(["ledger", "create", "no-topic"]);
    const result = await run(["consume", "kafka:none", "--ledger", "no-topic"]);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain("[KAFKA_REFUSED]");
  });
});

describe("consume", () => {
  it.each([
    ["a source of no kind", ["consume", "events", "--ledger", "x"], "expected a source such as sqs:"],
    ["a queue without a URL", ["consume", "sqs:events", "--ledger", "x"], "expected a source such as sqs:"],
    [
      "a setting that does not parse",
      ["consume", "kafka:e", "--ledger", "x", "--dead-letters", "sqs:x"],
      "DEAD_LETTERS",
    ],
    ["a stream without a checkpoint", ["consume", "kinesis:e", "--ledger", "known"], "--checkpoints FILE"],
    [
      "an option of another channel",
      ["consume", "kafka:e", "--ledger", "known", "--modify-as", "ANY"],
      "expected --modify-as with dynamodb: only, found it with kafka:",
    ],
    [
      "a table's name for its stream's",
      ["consume", "dynamodb:Song", "--ledger", "known"],
      "a source such as",
    ],
    ["a ledger that is not there", ["consume", "kafka:e", "--ledger", "none"], "none"],
  ])("ends with 2 for %s", async (_, words, said) => {
    await run(["ledger", "create", "known"]);
    const result = await run(words);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain(said);
    expect(result.stderr).not.toContain("[BUG]");
  });

  it("keeps ids in the fields that the options name", async () => {
    const url = await queueOf(EVENTS.slice(4), "fields");
    await run(["ledger", "create", "fields"]);
    const mapping = join(folder, "mapping.json");
    writeFileSync(mapping, '{"Vehicle": "vehicleId"}');
    await run(["consume", `sqs:${url}`, "--ledger", "fields", "--until-idle", "1", "--id-fields", mapping]);
    const rows = await run(["ledger", "query", "fields", "SELECT vehicleId FROM Vehicle", "--json"]);
    expect(rows.stdout).toContain("v2");
  });
});

async function* of(events: readonly RevisionEvent[]): AsyncGenerator<RevisionEvent> {
  for (const event of events) yield await Promise.resolve(event);
}
