// SPDX-License-Identifier: MIT
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { SendMessageCommand, type Message } from "@aws-sdk/client-sqs";
import {
  BaseRevisionWriter,
  type EventOp,
  type RevisionEvent,
  createLoader,
  recordKey,
} from "@ledger-loader/core";
import { createSqsHandler, createSqsPublisher } from "@ledger-loader/sqs";
import {
  anEvent,
  describeSimulation,
  disturb,
  historiesOf,
  malformedBodies,
  readHistories,
  receiveAll,
  seededRandom,
  SqsEventSource,
  startLedger,
  startSqs,
  withSqsFaults,
  type Random,
  type SqsEmulator,
  type TestLedger,
  type TestQueue,
} from "@ledger-loader/testkit";

const TABLE = "Vehicle";
const RECORDS = 12;
const REVISIONS_MAX = 10;

let sqs: SqsEmulator;
let ledger: TestLedger;

beforeAll(async () => {
  sqs = await startSqs();
});
beforeEach(async () => {
  ledger = await startLedger({ tables: { [TABLE]: ["oldDocumentId"] } });
});
afterEach(() => ledger.close());
afterAll(() => sqs.close());

/** The histories of several records, one revision of any of them after the other. */
function randomEvents(random: Random): RevisionEvent[] {
  const histories = Array.from({ length: RECORDS }, (_, record) => randomHistory(random, `record-${record}`));
  const events: RevisionEvent[] = [];
  while (histories.some((history) => history.length > 0)) {
    const next = histories[random.below(RECORDS)]!.shift();
    if (next !== undefined) events.push(next);
  }
  return events;
}

/** Inserts, updates, redactions, deletes and records inserted anew, some of them as `ANY`. */
function randomHistory(random: Random, id: string): RevisionEvent[] {
  const revisions = 1 + random.below(REVISIONS_MAX);
  const history: RevisionEvent[] = [];
  let exists = false;
  for (let version = 0; version < revisions; version += 1) {
    const isDeleted: boolean = exists && random.chance(0.25);
    const op: EventOp = isDeleted ? "DELETE" : exists ? "UPDATE" : "INSERT";
    const content = random.chance(0.15)
      ? { data: undefined, dataHash: new Uint8Array(32).fill(version + 1) }
      : { data: { revision: version } };
    const fields = isDeleted ? { data: undefined } : content;
    history.push(anEvent({ op: random.chance(0.2) ? "ANY" : op, table: TABLE, id, version, ...fields }));
    exists = !isDeleted;
  }
  return history;
}

async function send(queue: TestQueue, body: string, group: string): Promise<void> {
  const fifo = { MessageGroupId: group, MessageDeduplicationId: randomUUID() };
  await sqs.client.send(
    new SendMessageCommand({
      QueueUrl: queue.url,
      MessageBody: body,
      ...(queue.url.endsWith(".fifo") && fifo),
    }),
  );
}

/** Two functions, each with its own connection, that crash now and then before or after their work. */
async function deliver(queue: TestQueue, seed: number): Promise<void> {
  const sources = [seed, seed + 1_000].map((faultSeed) => {
    const loader = createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
    const faults = { seed: faultSeed, crashBeforeRate: 0.1, crashAfterRate: 0.1 };
    const handler = withSqsFaults(createSqsHandler(loader), faults);
    return new SqsEventSource({
      client: sqs.client,
      queue,
      handler,
      concurrency: 2,
      failedComeBack: "at-once",
    });
  });
  for (const source of sources) source.start();
  try {
    await Promise.all(sources.map((source) => source.drain()));
  } finally {
    await Promise.all(sources.map((source) => source.stop()));
  }
}

/** Sends again what was parked, until only what can never be loaded is left; returns that. */
async function redrive(queue: TestQueue, seed: number, bad: ReadonlySet<string>): Promise<string[]> {
  const lost: string[] = [];
  for (let round = 0; ; round += 1) {
    const parked = await receiveAll(sqs.client, queue.deadLetterUrl!);
    const isBad = ({ Body }: Message) => bad.has(Body!);
    lost.push(...parked.filter(isBad).map(({ Body }) => Body!));
    const good = parked.filter((message) => !isBad(message));
    if (good.length === 0) return lost;
    if (round === 20) throw new Error(`${good.length} good messages are parked again and again`);
    for (const { Body, Attributes } of good) await send(queue, Body!, Attributes?.MessageGroupId ?? "");
    await deliver(queue, seed + round + 1);
  }
}

// A queue that repeats, mixes and loses answers ends in the same ledger as one delivery in order.
for (const fifo of [true, false]) {
  describeSimulation(fifo ? "sqs-fifo-emulator" : "sqs-emulator", 2, async (seed) => {
    const random = seededRandom(seed);
    const events = randomEvents(random);
    const bad = malformedBodies(TABLE).map(({ body }) => body);
    // Few deliveries, so that good messages are parked as well: that must cost nothing but a redrive.
    const queue = await sqs.createQueue({ name: `sim-${randomUUID()}`, fifo, maxReceiveCount: fifo ? 2 : 6 });
    const channel = disturb(events, {
      seed,
      duplicateRate: 0.2,
      windowSize: 15,
      // A FIFO queue keeps the order of a record; a standard queue keeps none.
      ...(fifo && { laneOf: (event: RevisionEvent) => recordKey(event)! }),
    });
    const sending = createSqsPublisher({ client: sqs.client, queueUrl: queue.url, runId: "sim" }).publish(
      channel,
    );
    for (const [index, body] of bad.entries()) await send(queue, body, `bad-${index}`);
    await sending;
    await deliver(queue, seed);
    const lost = await redrive(queue, seed, new Set(bad));
    expect(lost.toSorted()).toEqual(bad.toSorted());
    expect(await readHistories(ledger.connect(), TABLE)).toEqual(historiesOf(events));
    return undefined;
  });
}
