// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type RevisionEvent, encodeEvent } from "@ledger-loader/core";
import type { MskHandler } from "@ledger-loader/msk";
import {
  aHistory,
  describeWhen,
  historiesOf,
  peerAvailability,
  readHistories,
  startKafka,
  startLedger,
  startSqs,
  type KafkaBroker,
  type TestLedger,
} from "@ledger-loader/testkit";
import { publishToTopic } from "./kafka-publish";
import { consumeTopic } from "./kafka-worker";

const TABLES = { Vehicle: ["oldDocumentId"] };
const EVENTS = aHistory(["INSERT", "UPDATE", "DELETE"]);

// The publisher is idempotent, which the stand-in for Kafka is not.
describeWhen(peerAvailability("kafka"), describe)("the examples on Apache Kafka", () => {
  let folder: string;
  let ledger: TestLedger;
  let kafka: KafkaBroker;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "example-"));
    ledger = await startLedger({ name: "vehicles", tables: TABLES });
    kafka = await startKafka();
    Object.assign(process.env, {
      LEDGER_NAME: ledger.name,
      LEDGER_ENDPOINT: ledger.endpoint,
      AWS_ACCESS_KEY_ID: "example",
      AWS_SECRET_ACCESS_KEY: "example",
      KAFKA_BROKERS: kafka.brokers.join(),
      KAFKA_TLS: "false",
      DEAD_LETTERS: `file:${path.join(folder, "letters.jsonl")}`,
    });
  });
  afterAll(async () => {
    await kafka.close();
    await ledger.close();
    await rm(folder, { recursive: true });
  });

  it("take events over a topic into a ledger", async () => {
    await kafka.createTopic("vehicles", 3);
    expect(await publishToTopic(stream(EVENTS), "vehicles")).toEqual({ published: 3, retries: 0 });
    const stop = new AbortController();
    const consuming = consumeTopic("vehicles", stop.signal);
    const connection = ledger.connect();
    while ((await readHistories(connection, "Vehicle")).get('"v1"')?.length !== 3) {
      await Promise.race([sleep(50), consuming]);
    }
    stop.abort();
    await consuming;
    expect(await readHistories(connection, "Vehicle")).toEqual(historiesOf(EVENTS));
  });
});

it("take Lambda's event of a topic into a ledger, and park what is no event", async () => {
  const ledger = await startLedger({ name: "vehicles", tables: TABLES });
  const sqs = await startSqs();
  const queue = await sqs.createQueue({ name: "letters", fifo: false });
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "example",
    AWS_SECRET_ACCESS_KEY: "example",
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    LEDGER_NAME: ledger.name,
    LEDGER_ENDPOINT: ledger.endpoint,
    DEAD_LETTERS: `sqs:${queue.url}`,
  });
  // Loaded now, because it reads its environment at once, as a function does when it starts.
  // oxlint-disable-next-line typescript/no-require-imports -- an import would come before the environment
  const { handler } = require("./kafka-function") as { readonly handler: MskHandler };
  const bodies = [...EVENTS.map(encodeEvent), "not an event"];
  const records = bodies.map((body, offset) => ({
    topic: "vehicles",
    partition: 0,
    offset,
    timestamp: 1_763_690_000_000,
    timestampType: "CREATE_TIME" as const,
    key: Buffer.from("key").toString("base64"),
    value: Buffer.from(body).toString("base64"),
    headers: [],
  }));
  expect(await handler({ records: { "vehicles-0": records } })).toBeUndefined();
  expect(await readHistories(ledger.connect(), "Vehicle")).toEqual(historiesOf(EVENTS));
  await sqs.close();
  await ledger.close();
});

// oxlint-disable-next-line typescript/require-await -- a source is asynchronous
async function* stream(events: readonly RevisionEvent[]): AsyncGenerator<RevisionEvent> {
  yield* events;
}
