// SPDX-License-Identifier: MIT
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BatchWriteItemCommand, CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  DriverLedger,
  type RevisionEvent,
  createLoader,
  decodeEvents,
  encodeEvent,
} from "@ledger-loader/core";
import { openExport } from "@ledger-loader/export";
import { createEventBridgeHandler, rulePattern } from "@ledger-loader/eventbridge";
import { createPublisherTarget, replayExport } from "@ledger-loader/move";
import { createKafkaClient, createKafkaPublisher } from "@ledger-loader/msk";
import {
  aHistory,
  buildPackage,
  describeWhen,
  peerAvailability,
  startDynamoDb,
  startEventBridge,
  startKafka,
  startKafkaStandIn,
  startKinesis,
  startSqs,
  type EventPattern,
  type KafkaBroker,
  type KinesisEmulator,
  type SqsEmulator,
} from "@ledger-loader/testkit";
import { startGate, startGateBefore } from "../test/gate";
import { interrupt, type Interruption } from "../test/interrupt";
import { runWords, serve, type ServedLedgers } from "../test/run-words";

// More than one batch of a replay.
const RECORDS = 75;
const REVISIONS = 6;
const TOTAL = RECORDS * REVISIONS;
/** So many records make over twenty batches: a replay that nothing holds is still under way when its first one is seen. */
const MANY_RECORDS = 800;
/** The ledger has committed a part when a worker is interrupted. */
const COMMITS = 12;

let folder: string;
let server: ServedLedgers;
let exported: string;
let sqs: SqsEmulator;
let kinesis: KinesisEmulator;

beforeAll(async () => {
  buildPackage(join(__dirname, ".."));
  folder = mkdtempSync(join(tmpdir(), "cli-resume-"));
  [server, sqs, kinesis] = await Promise.all([serve(join(folder, "data")), startSqs(), startKinesis()]);
  exported = await exportOf("source", RECORDS);
});
afterAll(async () => {
  await Promise.all([sqs.close(), kinesis.close(), server.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

/** Exports a new ledger of so many records. */
async function exportOf(ledger: string, records: number): Promise<string> {
  const histories = Array.from({ length: records }, (_, n) =>
    aHistory(["INSERT", ...Array.from({ length: REVISIONS - 1 }, () => "UPDATE" as const)], { id: `v${n}` }),
  );
  const events = histories[0]!.flatMap((_, version) => histories.map((history) => history[version]!));
  const stdin = events.map((event) => `${encodeEvent(event)}\n`).join("");
  const output = join(folder, `export-of-${ledger}`);
  await run(["ledger", "create", ledger]);
  await run(["load", "-", "--to", `ledger:${ledger}`, "--id-field", "sourceId"], { stdin });
  await run(["ledger", "export", ledger, "--output", output]);
  return output;
}

const environment = (more: Readonly<Record<string, string>> = {}) => ({
  ...server.env,
  AWS_ENDPOINT_URL_SQS: sqs.endpoint,
  AWS_ENDPOINT_URL_SNS: sqs.endpoint,
  AWS_ENDPOINT_URL_KINESIS: kinesis.endpoint,
  KAFKA_TLS: "false",
  ...more,
});

async function run(
  words: readonly string[],
  { env = {}, stdin }: { readonly env?: Readonly<Record<string, string>>; readonly stdin?: string } = {},
): Promise<Record<string, unknown>> {
  const result = await runWords([...words, "--json"], { env: environment(env), stdin });
  return { exitCode: result.exitCode, ...result.json() };
}

/** Replays to a target of AWS's, interrupted so that its first batch is the only one, then once more; nothing is left out. */
async function replayInTwo(
  to: string,
  signal: Interruption,
  service: "SQS" | "SNS" | "KINESIS" | "EVENTBRIDGE",
  endpoint: string,
): Promise<void> {
  const variable = `AWS_ENDPOINT_URL_${service}`;
  await replayTwice(to, signal, { [variable]: endpoint }, async (words, checkpoint) => {
    // Asked to stop, it ends the batch under way: the first one is held. Killed, it must have ended one, and begun another.
    const isTime = () => signal !== "SIGKILL" || existsSync(checkpoint);
    const gate = await startGateBefore(endpoint, isTime);
    const env = environment({ [variable]: gate.endpoint });
    const first = await interrupt(
      words,
      env,
      signal,
      () => gate.shut,
      () => {
        gate.open();
      },
    );
    await gate.close();
    return first;
  });
}

/** Replays to a target, interrupted by `replay` after its first batch, then once more; nothing is left out. */
async function replayTwice(
  to: string,
  signal: Interruption,
  env: Readonly<Record<string, string>>,
  replay: (words: readonly string[], checkpoint: string) => Promise<Record<string, unknown>>,
  { source = exported, total = TOTAL } = {},
): Promise<void> {
  const checkpoint = join(folder, `${to.replace(/\W/g, "-")}.checkpoint`);
  const words = ["export", "replay", source, "--to", to, "--checkpoint", checkpoint];
  const first = await replay(words, checkpoint);
  const second = await run(words, { env });
  expect(second).toMatchObject({ exitCode: 0, complete: true, rejectedTotal: 0 });
  expect(second["resumedAfter"]).toBeDefined();
  const sent = second["published"] as number;
  expect(sent).toBeGreaterThan(0);
  expect(sent).toBeLessThan(total);
  if (signal === "SIGKILL") return;
  expect(first).toMatchObject({ exitCode: 1, complete: false, rejectedTotal: 0 });
  expect((first["published"] as number) + sent).toBe(total);
}

/** Consumes into a new ledger, interrupted while some of it is committed, then once more; each revision is there once. */
async function consumeInTwo(
  source: string,
  ledger: string,
  signal: Interruption,
  { options = [], idleSeconds = 1, env = {} }: Consumption = {},
): Promise<void> {
  await run(["ledger", "create", ledger]);
  const words = ["consume", source, "--ledger", ledger, ...options];
  const gate = await startGate(server.endpoint, COMMITS);
  const first = await interrupt(
    words,
    environment({ ...env, LEDGER_ENDPOINT: gate.endpoint }),
    signal,
    () => gate.shut,
    () => {
      gate.open();
    },
  );
  await gate.close();
  const before = await revisionsOf(ledger);
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(TOTAL);
  if (signal !== "SIGKILL") expect(first).toMatchObject({ exitCode: 0, written: before, handedBack: 0 });
  const second = await run([...words, "--until-idle", String(idleSeconds)], { env });
  expect(second).toMatchObject({
    exitCode: 0,
    written: TOTAL - before,
    rejected: {},
    parked: 0,
    handedBack: 0,
  });
  await expectEqual(ledger);
}

interface Consumption {
  readonly options?: readonly string[];
  readonly idleSeconds?: number;
  readonly env?: Readonly<Record<string, string>>;
}

async function revisionsOf(ledger: string): Promise<number> {
  const { stdout } = await runWords(["ledger", "query", ledger, "SELECT COUNT(*) FROM history(Vehicle)"], {
    env: server.env,
  });
  return Number(/_1:\s*(\d+)/.exec(stdout)?.[1] ?? 0);
}

async function expectEqual(ledger: string): Promise<void> {
  expect(await run(["reconcile", exported, "--ledger", ledger])).toMatchObject({
    equal: true,
    revisions: { exported: TOTAL, ledger: TOTAL, equal: TOTAL },
  });
}

/** The events of the export, as a replay sends them. */
async function eventsOfExport(): Promise<readonly RevisionEvent[]> {
  const events: RevisionEvent[] = [];
  const publish = async (source: AsyncIterable<RevisionEvent>) => {
    for await (const event of source) events.push(event);
    return { published: events.length, retries: 0 };
  };
  const target = createPublisherTarget({ publish });
  await replayExport(await openExport([exported]), target, { targetName: "this test" });
  return events;
}

describe("Interrupted and run again, nothing is lost and nothing is there twice:", () => {
  it("replay to a ledger, killed in the middle of a batch", async () => {
    await run(["ledger", "create", "replayed"]);
    const checkpoint = join(folder, "ledger.checkpoint");
    const words = ["export", "replay", exported, "--to", "ledger:replayed", "--checkpoint", checkpoint];
    // The checkpoint says that a batch has ended. Of the next one, a commit passes, and those after it wait, however many come at once.
    let reportCommitted: () => void = () => undefined;
    const committed = new Promise<void>((resolve) => (reportCommitted = resolve));
    let commits = 0;
    const isCommit = (body: Buffer): boolean =>
      body.includes('"CommitTransaction"') && existsSync(checkpoint);
    const gate = await startGateBefore(
      server.endpoint,
      (body) => isCommit(body) && (commits += 1) > 1,
      (body) => {
        if (isCommit(body)) reportCommitted();
      },
    );
    const moment = async (): Promise<void> => {
      await Promise.all([gate.shut, committed]);
    };
    await interrupt(words, environment({ LEDGER_ENDPOINT: gate.endpoint }), "SIGKILL", moment);
    await gate.close();
    const before = await revisionsOf("replayed");
    const second = await run(words);
    expect(second).toMatchObject({ exitCode: 0, complete: true, written: TOTAL - before });
    // A batch had ended; of the one under way, some was committed.
    expect(second["resumedAfter"]).toBeDefined();
    expect(before).toBeGreaterThan(400);
    expect(before).toBeLessThan(TOTAL);
    await expectEqual("replayed");
  });

  it("replay to a queue by SIGINT, consume by SIGTERM", async () => {
    const { url } = await sqs.createQueue({ name: "events", fifo: true });
    await replayInTwo(`sqs:${url}`, "SIGINT", "SQS", sqs.endpoint);
    await consumeInTwo(`sqs:${url}`, "from-queue", "SIGTERM");
  });

  it("replay to a topic by SIGTERM, consume its queue", async () => {
    const queue = await sqs.createQueue({ name: "subscribed", fifo: true });
    const topic = await sqs.createTopic({ name: "events", fifo: true });
    await topic.subscribe(queue, { raw: false });
    await replayInTwo(`sns:${topic.arn}`, "SIGTERM", "SNS", sqs.endpoint);
    await run(["ledger", "create", "from-topic"]);
    const words = ["consume", `sqs:${queue.url}`, "--ledger", "from-topic", "--until-idle", "1"];
    expect(await run(words)).toMatchObject({ exitCode: 0, written: TOTAL, rejected: {} });
    await expectEqual("from-topic");
  });

  it("replay to a stream, killed; consume, killed: the next run waits for the shards that this one holds", async () => {
    await kinesis.createStream("events", 2);
    await replayInTwo("kinesis:events", "SIGKILL", "KINESIS", kinesis.endpoint);
    const options = ["--checkpoints", join(folder, "stream.checkpoints"), "--lease", "2"];
    await consumeInTwo("kinesis:events", "from-stream", "SIGKILL", { options });
  });

  it("replay to an event bus by SIGINT, and its rule's function", async () => {
    const bus = await startEventBridge();
    const details: { readonly detail: unknown }[] = [];
    bus.addRule(JSON.parse(JSON.stringify(rulePattern())) as EventPattern, (event) => {
      details.push(event as { readonly detail: unknown });
    });
    await replayInTwo("eventbridge:changes", "SIGINT", "EVENTBRIDGE", bus.clientConfig.endpoint);
    await bus.close();
    await run(["ledger", "create", "from-bus"]);
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const connection = { endpoint: server.endpoint, region: "us-east-1", credentials };
    const loader = createLoader({
      ledger: new DriverLedger({ ledgerName: "from-bus", ...connection }),
      writer: new BaseRevisionWriter(),
      createTables: true,
    });
    const handler = createEventBridgeHandler(loader);
    await handler(details[0]!);
    const lanes = new Map<string, typeof details>();
    for (const each of details) {
      const [decoded] = decodeEvents((each.detail as { readonly event: string }).event).events;
      const key = decoded?.event?.id?.key ?? "";
      lanes.set(key, [...(lanes.get(key) ?? []), each]);
    }
    await Promise.all(
      [...lanes.values()].map(async (lane) => {
        for (const event of lane) await handler(event);
      }),
    );
    await loader.close();
    await expectEqual("from-bus");
  });

  it("consume a topic of a stand-in for Kafka by SIGTERM", async () => {
    const kafka = await startKafkaStandIn();
    await kafka.createTopic("events", 1);
    const client = createKafkaClient({ brokers: kafka.brokers, tls: false });
    const publisher = createKafkaPublisher({ client, topic: "events", idempotent: false });
    await publisher.publish(each(await eventsOfExport()));
    await publisher.close();
    await consumeTopic(kafka, "from-stand-in");
    await kafka.close();
  });
});

describeWhen(peerAvailability("kafka"), describe)("The same with Apache Kafka:", () => {
  it("replay to a topic by SIGTERM, consume by SIGTERM", async () => {
    const kafka = await startKafka();
    await kafka.createTopic("events", 1);
    const env = { KAFKA_BROKERS: kafka.brokers.join() };
    const admin = createKafkaClient({ brokers: kafka.brokers, tls: false }).admin();
    await admin.connect();
    const large = { source: await exportOf("large", MANY_RECORDS), total: MANY_RECORDS * REVISIONS };
    await kafka.createTopic("large", 1);
    await replayTwice(
      "kafka:large",
      "SIGTERM",
      env,
      (words) =>
        interrupt(words, environment(env), "SIGTERM", async () => {
          // The first batch is under way.
          while ((await admin.fetchTopicOffsets("large"))[0]?.high === "0") await sleep(1);
        }),
      large,
    );
    await admin.disconnect();
    await run(["export", "replay", exported, "--to", "kafka:events"], { env });
    await consumeTopic(kafka, "from-kafka");
    await kafka.close();
  });
});

describeWhen(peerAvailability("dynamodb-local"), describe)("The same with Amazon DynamoDB Local:", () => {
  it("consume an outbox table, killed, with checkpoints in a table", async () => {
    const dynamo = await startDynamoDb();
    const { TableDescription } = await dynamo.client.send(
      new CreateTableCommand({
        TableName: "Outbox",
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "N" }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
      }),
    );
    const items = (await eventsOfExport()).map((event, n) => ({
      PutRequest: { Item: { id: { N: String(n) }, event: { S: encodeEvent(event) } } },
    }));
    for (let from = 0; from < items.length; from += 25) {
      const Outbox = items.slice(from, from + 25);
      await dynamo.client.send(new BatchWriteItemCommand({ RequestItems: { Outbox } }));
    }
    const options = ["--checkpoints", "dynamodb:checkpoints", "--event-attribute", "event", "--lease", "2"];
    const env = { AWS_ENDPOINT_URL: dynamo.endpoint };
    const source = `dynamodb:${TableDescription!.LatestStreamArn!}`;
    await consumeInTwo(source, "from-table", "SIGKILL", { options, env });
    await dynamo.close();
  });
});

function consumeTopic(kafka: KafkaBroker, ledger: string): Promise<void> {
  const env = { KAFKA_BROKERS: kafka.brokers.join() };
  return consumeInTwo("kafka:events", ledger, "SIGTERM", { env });
}

async function* each(events: readonly RevisionEvent[]): AsyncGenerator<RevisionEvent> {
  for (const event of events) yield await Promise.resolve(event);
}
