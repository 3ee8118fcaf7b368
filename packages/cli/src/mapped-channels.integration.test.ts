// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { createKafkaClient } from "@ledger-loader/msk";
import {
  debeziumDeletion,
  debeziumRecord,
  describeWhen,
  peerAvailability,
  startKafka,
  startSqs,
  type KafkaBroker,
  type TopicRecord,
} from "@ledger-loader/testkit";
import { redactRevision } from "../test/redact-revision";
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

it("dead letters of mapped records are redriven without the mapping, and by a corrected one with --decode", async () => {
  const sqs = await startSqs();
  try {
    const { url } = await sqs.createQueue({ name: "orders", fifo: false });
    const env = { ...server.env, AWS_ENDPOINT_URL_SQS: sqs.endpoint };
    await runWords(["ledger", "create", "redriven"], { env });
    const mappingOf = (name: string, table: string) => {
      const rule = { op: "ANY", table, id: "$.no", version: "$.rev", data: "$.order" };
      const path = join(folder, name);
      writeFileSync(path, JSON.stringify({ format: 1, records: [{ when: { "$.kind": "order" }, ...rule }] }));
      return path;
    };
    const send = (...bodies: readonly object[]) =>
      Promise.all(
        bodies.map((body) =>
          sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify(body) })),
        ),
      );
    await send(
      { kind: "order", no: "A", rev: 1, order: { n: 1 } },
      { kind: "ordre", no: "B", rev: 0, order: { n: 2 } },
    );
    const letters = join(folder, "letters");
    const consume = [
      "consume",
      `sqs:${url}`,
      "--ledger",
      "redriven",
      "--until-idle",
      "1",
      "--park-after",
      "0",
    ];
    const first = mappingOf("first.json", "Order");
    await runWords([...consume, "--dead-letters", letters, "--mapping", first], { env });
    await send({ kind: "order", no: "A", rev: 0, order: { n: 0 } });
    await runWords([...consume, "--mapping", first], { env });
    // The one that waited for its predecessor was kept as the event that it became.
    const redriven = await runWords(["redrive", letters, "--ledger", "redriven", "--json"], { env });
    expect(JSON.parse(redriven.stdout)).toMatchObject({ applied: 1, kept: 1, redriven: expect.anything() });
    const wider = join(folder, "wider.json");
    writeFileSync(
      wider,
      `{format: 1, records: [{op: ANY, table: Order, id: "$.no", version: "$.rev", data: "$.order"}]}`,
    );
    const decoded = await runWords(
      ["redrive", letters, "--ledger", "redriven", "--decode", "--mapping", wider, "--json"],
      { env },
    );
    expect(JSON.parse(decoded.stdout)).toMatchObject({ applied: 1, kept: 0 });
    expect(
      (await rowsOf("redriven", `SELECT n FROM "Order"`)).map((row) => JSON.stringify(row)).sort(),
    ).toEqual([`{"n":1}`, `{"n":2}`]);
  } finally {
    await sqs.close();
  }
});

it("export replay --mapping reads each revision as the event that it is, a redacted one too", async () => {
  const { env } = server;
  await runWords(["ledger", "create", "exported"], { env });
  const events = [
    { op: "INSERT", table: "Vehicle", id: "v1", version: 0, data: { vin: "A", owner: "Ada" } },
    { op: "UPDATE", table: "Vehicle", id: "v1", version: 1, data: { vin: "A", owner: "Bob" } },
    { op: "DELETE", table: "Vehicle", id: "v1", version: 2 },
    { op: "INSERT", table: "Vehicle", id: "v2", version: 0, data: { vin: "B", owner: "Eve" } },
  ];
  const stdin = events.map((event) => `${JSON.stringify(event)}\n`).join("");
  await runWords(["load", "-", "--to", "ledger:exported"], { env, stdin });
  await redactRevision(env, "exported", { table: "Vehicle", version: 1 });
  const output = join(folder, "exported");
  await runWords(["ledger", "export", "exported", "--output", output], { env });
  await runWords(["ledger", "create", "renamed"], { env });
  const mapping = join(folder, "rename.json");
  const common = { op: "$.op", table: "Car", id: "$.id", version: "$.version" };
  const records = [
    { when: { "$.data": { exists: true } }, ...common, fields: { plate: "$.data.vin" } },
    common,
  ];
  writeFileSync(mapping, JSON.stringify({ format: 1, records }));
  const words = ["export", "replay", output, "--to", "ledger:renamed", "--mapping"];
  const replayed = await runWords([...words, mapping], { env });
  expect(replayed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("4 written") });
  expect(await rowsOf("renamed", "SELECT plate, owner FROM Car")).toEqual([{ plate: "B" }]);
  // The redacted revision keeps its place and its hash, as without a mapping.
  const history = await rowsOf(
    "renamed",
    "SELECT h.data.plate, h.data.ledgerLoaderDataHash AS hash FROM history(Car) AS h",
  );
  const hashes = history.filter((row) => "hash" in (row as object));
  expect([history.length, hashes]).toEqual([4, [{ hash: expect.any(String) }]]);
  const reconcile = ["reconcile", output, "--ledger", "renamed", "--mapping", mapping, "--json"];
  const reconciled = JSON.parse((await runWords(reconcile, { env })).stdout) as object;
  expect(reconciled).toMatchObject({ equal: true, revisions: { exported: 4, ledger: 4, equal: 4 } });
  const preset = await runWords([...words, "debezium"], { env });
  expect(preset).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("found the preset debezium") });
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
