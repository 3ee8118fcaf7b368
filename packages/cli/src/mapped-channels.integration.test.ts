// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createKafkaClient } from "@ledger-loader/msk";
import {
  debeziumDeletion,
  debeziumRecord,
  describeWhen,
  peerAvailability,
  startKafka,
  type KafkaBroker,
  type TopicRecord,
} from "@ledger-loader/testkit";
import { runWords, serve, type ServedLedgers } from "../test/run-words";

let folder: string;
let server: ServedLedgers;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-mapped-"));
  server = await serve(join(folder, "data"));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A snapshot of two rows, then changes in the log: what three connectors would write, tombstones included. */
function streams(): readonly TopicRecord[] {
  const tables = ["postgresql", "mysql", "sqlserver"] as const;
  return tables.flatMap((connector) => {
    const row = (id: number, n: number) => ({ id, n });
    const key = (id: number) => ({ id });
    return [
      debeziumRecord(connector, 0, { op: "r", after: row(1, 0), key: key(1) }),
      debeziumRecord(connector, 0, { op: "r", after: row(2, 0), key: key(2) }),
      debeziumRecord(connector, 1, { op: "u", before: row(1, 0), after: row(1, 1), key: key(1) }),
      debeziumRecord(connector, 2, { op: "c", after: row(3, 0), key: key(3) }),
      debeziumRecord(connector, 3, { op: "u", before: row(1, 1), after: row(1, 2), key: key(1) }),
      ...debeziumDeletion(connector, 4, { before: row(2, 0), key: key(2) }),
      debeziumRecord(connector, 5, { op: "c", after: row(2, 9), key: key(2) }),
      ...debeziumDeletion(connector, 6, { before: row(3, 0), key: key(3) }),
    ];
  });
}

const HISTORY = "SELECT h.data.id AS id, h.data.n AS n, h.metadata.version AS v FROM history";

async function rowsOf(ledger: string, statement: string): Promise<readonly unknown[]> {
  const { stdout } = await runWords(["ledger", "query", ledger, statement, "--json"], { env: server.env });
  return (JSON.parse(stdout) as { readonly rows: readonly unknown[] }).rows;
}

// The broker keeps the order of a key, as a topic of Debezium does.
describeWhen(peerAvailability("kafka"), describe)("Debezium's records in a topic of Apache Kafka", () => {
  let kafka: KafkaBroker;
  beforeAll(async () => {
    kafka = await startKafka();
  });
  afterAll(() => kafka.close());

  async function produce(topic: string, records: readonly TopicRecord[]): Promise<void> {
    const producer = createKafkaClient({ brokers: kafka.brokers, tls: false }).producer();
    await producer.connect();
    await producer.send({ topic, messages: [...records] });
    await producer.disconnect();
  }

  it("of three connectors load once and in order, snapshot, deletions and tombstones included", async () => {
    await kafka.createTopic("dbz", 3);
    await runWords(["ledger", "create", "dbz"], { env: server.env });
    const records = streams();
    // As when Debezium stops before it noted how far it came, and begins again where it was.
    await produce("dbz", [...records, ...records.slice(-9), ...records]);
    const env = { ...server.env, KAFKA_BROKERS: kafka.brokers.join(), KAFKA_TLS: "false" };
    const words = [
      "consume",
      "kafka:dbz",
      "--ledger",
      "dbz",
      "--mapping",
      "debezium",
      "--until-idle",
      "2",
      "--json",
    ];
    const first = await runWords(words, { env });
    expect(first).toMatchObject({ exitCode: 0 });
    // 8 changes of each connector; every repetition was recognized.
    expect(JSON.parse(first.stdout)).toMatchObject({ written: 24, rejected: {}, parked: 0, handedBack: 0 });
    for (const table of ["customers", "orders", "items"]) {
      expect(
        (await rowsOf("dbz", `SELECT id, n FROM ${table}`)).map((row) => JSON.stringify(row)).sort(),
      ).toEqual([`{"id":1,"n":2}`, `{"id":2,"n":9}`]);
      const revisions = (await rowsOf("dbz", `${HISTORY}(${table}) AS h`)) as readonly {
        id?: number;
        n?: number;
        v: number;
      }[];
      expect(revisions.filter(({ id }) => id === 1).map(({ n, v }) => [v, n])).toEqual([
        [0, 0],
        [1, 1],
        [2, 2],
      ]);
      // Two records that ended, one of which began again as another document.
      expect(revisions).toHaveLength(8);
    }
  });
});

describe("load --mapping", () => {
  const file = (name: string, lines: readonly unknown[]): string => {
    const path = join(folder, name);
    writeFileSync(
      path,
      lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""),
    );
    return path;
  };

  it("loads records by a mapping file, and judges them with --dry-run", async () => {
    const { env } = server;
    await runWords(["ledger", "create", "mapped"], { env });
    const mapping = file("orders.json", [
      { format: 1, records: [{ op: "ANY", table: "Order", id: "$.no", version: "$.rev", data: "$.order" }] },
    ]);
    const records = file("orders.jsonl", [
      { no: "A", rev: 0, order: { n: 1 } },
      { no: "A", rev: 1, order: { n: 2 } },
      { no: "B", order: { n: 2 } },
    ]);
    const words = ["load", records, "--to", "ledger:mapped", "--mapping", mapping];
    const dry = await runWords([...words, "--dry-run"], { env });
    expect(dry.stdout).toContain("2 would be written, 1 rejected");
    expect(dry.stdout.replace(/\s+/g, " ")).toContain(
      "line 3: malformed-event. Expected $.rev to be a value or null",
    );
    expect((await runWords(words, { env })).stdout).toContain("2 written");
    expect(await rowsOf("mapped", `SELECT n FROM "Order"`)).toEqual([{ n: 2 }]);
  });

  it("takes the environment's mapping, and says what is wrong with a file", async () => {
    const { env } = server;
    const records = file("dbz.jsonl", [
      debeziumRecord("mysql", 1, { op: "c", after: { id: 1 }, key: {} }).value,
    ]);
    const loaded = await runWords(["load", records, "--to", "ledger:mapped"], {
      env: { ...env, MAPPING: "debezium" },
    });
    expect(loaded.stdout.replace(/\s+/g, " ")).toContain(
      "id-required. Expected the id to be a value in each column of the key",
    );
    const old = file("id-fields.json", [{ Vehicle: "vin" }]);
    const wrong = await runWords(["load", records, "--to", "ledger:mapped", "--mapping", old], { env });
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr.replace(/\s+/g, " ")).toContain("that is for --id-fields");
    const missing = await runWords(["load", records, "--to", "ledger:mapped", "--mapping", "none.json"], {
      env,
    });
    expect(missing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("none.json") });
  });
});

it("a channel that maps its records by options of its own takes no mapping", async () => {
  const arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/T/stream/2026-01-01T00:00:00.000";
  const words = [
    "consume",
    `dynamodb:${arn}`,
    "--ledger",
    "x",
    "--checkpoints",
    join(folder, "c"),
    "--mapping",
    "dms",
  ];
  const result = await runWords(words, { env: server.env });
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain("expected no --mapping");
});
