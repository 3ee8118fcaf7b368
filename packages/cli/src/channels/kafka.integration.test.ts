// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { BaseRevisionWriter, createLoader, encodeEvent } from "@ledger-loader/core";
import { createKafkaClient, createKafkaConsumer } from "@ledger-loader/msk";
import {
  aHistory,
  describeWhen,
  historiesOf,
  peerAvailability,
  readHistories,
  startKafka,
  startLedger,
  type KafkaBroker,
  type TestLedger,
} from "@ledger-loader/testkit";
import { runWords } from "../../test/run-words";

const EVENTS = aHistory(["INSERT", "UPDATE", "UPDATE", "DELETE"]);

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kafka-target-"));
  file = join(folder, "events.ion");
  writeFileSync(file, EVENTS.map((event) => `${encodeEvent(event)}\n`).join(""));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

// The command line's publisher is idempotent, which the stand-in for Kafka is not.
describeWhen(peerAvailability("kafka"), describe)("sending events to a topic of Apache Kafka", () => {
  let kafka: KafkaBroker;
  let ledger: TestLedger;
  beforeAll(async () => {
    kafka = await startKafka();
    ledger = await startLedger({ tables: { Vehicle: ["oldDocumentId"] } });
  });
  afterAll(async () => {
    await ledger.close();
    await kafka.close();
  });
  const env = () => ({ KAFKA_BROKERS: kafka.brokers.join(), KAFKA_TLS: "false" });

  it("sends all of them, and a consumer writes them", async () => {
    await kafka.createTopic("events", 3);
    const result = await runWords(["load", file, "--to", "kafka:events"], { env: env() });
    expect(result).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("4 sent to the channel") });
    const stop = new AbortController();
    const consuming = createKafkaConsumer({
      client: createKafkaClient({ brokers: kafka.brokers, tls: false }),
      topic: "events",
      groupId: "loader",
      loader: createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() }),
      maxWaitMs: 100,
    }).run(stop.signal);
    const connection = ledger.connect();
    while ((await readHistories(connection, "Vehicle")).get('"v1"')?.length !== EVENTS.length)
      await sleep(50);
    stop.abort();
    await consuming;
    expect(await readHistories(connection, "Vehicle")).toEqual(historiesOf(EVENTS));
  });

  it("says that there is no such topic", async () => {
    const result = await runWords(["load", file, "--to", "kafka:none"], { env: env() });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/^error: Expected to find the topic none, .*\[KAFKA_REFUSED\]/s);
  });
});

it("says which settings of Kafka are missing", async () => {
  const result = await runWords(["load", file, "--to", "kafka:events"], { env: {} });
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toMatch(/KAFKA_BROKERS: expected host:port of one or more brokers/);
});
