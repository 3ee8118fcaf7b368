// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  type Delivery,
  type EventOp,
  type Loader,
  type RevisionEvent,
  createLoader,
  encodeEvent,
  recordKey,
} from "@ledger-loader/core";
import {
  aHistory,
  historiesOf,
  readHistories,
  startLedger,
  type KafkaBroker,
  type TestLedger,
} from "@ledger-loader/testkit";
import { openTopic, type TestTopic } from "./kafka-topic";
import { GROUP, runConsumer, type RunningConsumer } from "./run-consumer";
import { Parking } from "./parking";
import { until } from "./until";

const TABLE = "Vehicle";
const BAD_BYTES = Buffer.from([0xe0, 0x01, 0x00, 0xea, 0xff]);

/** The promises of the consumer, on whatever broker. */
export function describeConsumer(broker: () => KafkaBroker): void {
  let ledger: TestLedger;
  let topic: TestTopic;
  let consumers: RunningConsumer[];
  beforeEach(async () => {
    ledger = await startLedger({ tables: { [TABLE]: ["oldDocumentId"] } });
    topic = await openTopic(broker(), 4);
    consumers = [];
  });
  afterEach(async () => {
    await Promise.allSettled(consumers.map((consumer) => consumer.stop()));
    await topic.close();
    await ledger.close();
  });

  const aLoader = () => createLoader({ ledger: ledger.connect(), writer: new BaseRevisionWriter() });
  const start = (loader: Loader, options: Partial<Parameters<typeof runConsumer>[1]> = {}) => {
    const consumer = runConsumer(topic, { loader, batchSizeMax: 7, ...options });
    consumers.push(consumer);
    return consumer;
  };
  const send = (events: readonly RevisionEvent[]) => topic.send(events.map(toMessage));
  const consumed = () => until(() => topic.isConsumed(GROUP));
  const expectHistoriesOf = async (events: readonly RevisionEvent[]) => {
    expect(await readHistories(ledger.connect(), TABLE)).toEqual(historiesOf(events));
  };

  it.each([
    ["versions", (event: RevisionEvent) => event],
    ["nothing but ids, which a redelivery or another order would show", withoutVersion],
  ])(
    "neither loses nor reorders when members come and go under load, of events with %s",
    async (_what, shape) => {
      const events = manyHistories(40, 10);
      const sent = sendSlowly(send, events.map(shape));
      const first = start(aLoader());
      await until(async () => (await committed(topic)) > 20);
      const second = start(aLoader());
      await until(async () => (await committed(topic)) > 120);
      await first.stop();
      start(aLoader());
      await until(async () => (await committed(topic)) > 240);
      await second.stop();
      await sent;
      await consumed();
      await expectHistoriesOf(events);
    },
    120_000,
  );

  it("goes on when the broker was killed and came back", async () => {
    const events = manyHistories(20, 6);
    start(aLoader());
    await send(events.slice(0, 60));
    await until(async () => (await committed(topic)) > 10);
    await broker().restart();
    await send(events.slice(60));
    await consumed();
    await expectHistoriesOf(events);
  });

  it("commits what is under way when it is stopped, and the next one goes on behind it", async () => {
    const seen: string[] = [];
    const slow = recording(aLoader(), seen, 100);
    const events = manyHistories(10, 4);
    await send(events);
    const first = start(slow);
    await until(() => seen.length > 10);
    await first.stop();
    expect(await committed(topic)).toBe(new Set(seen).size);
    start(slow);
    await consumed();
    expect(seen).toHaveLength(events.length);
    expect(new Set(seen).size).toBe(events.length);
    await expectHistoriesOf(events);
  });

  it("goes on behind bad bytes, and commits nothing beyond them while they are not parked", async () => {
    const events = manyHistories(8, 3);
    const bad = { value: BAD_BYTES, partition: 0 };
    await topic.send([bad, { value: null, partition: 1 }]);
    await send(events);
    const unparked = start(aLoader());
    const expected = historiesOf(events);
    await until(async () => {
      const found = await readHistories(ledger.connect(), TABLE);
      return [...expected].every(([id, history]) => found.get(id)?.length === history.length);
    });
    await unparked.stop();
    const [zero, one] = await topic.offsets(GROUP);
    expect([zero!.committed, one!.committed]).toEqual([0, 0]);
    const parking = new Parking();
    start(parking.around(aLoader()));
    await consumed();
    expect(parking.take()).toHaveLength(2);
    await expectHistoriesOf(events);
  });

  it("holds back what has nothing but its order behind a record of its key that failed, and nothing else", async () => {
    const history = aHistory(["INSERT", "UPDATE", "UPDATE"], { id: "held" });
    const other = aHistory(["INSERT"], { id: "other" });
    const [first, ...later] = history.map(withoutVersion).map(toMessage);
    const refused = { key: first!.key, value: '{op:"INSERT",table:"NoSuchTable",id:"held",data:{}}' };
    await topic.send([first!, refused, ...later]);
    await send(other);
    const unparked = start(aLoader());
    await until(async () => (await readHistories(ledger.connect(), TABLE)).size === 2);
    // Long enough for whatever follows the refused one to be loaded, were it not held back.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await expectHistoriesOf([history[0]!, ...other]);
    await unparked.stop();
    const parking = new Parking();
    start(parking.around(aLoader()));
    await consumed();
    expect(parking.take().map(({ body }) => body)).toEqual([refused, ...later].map(({ value }) => value));
    await expectHistoriesOf([history[0]!, ...other]);
  });

  it("refuses a topic that is not there", async () => {
    const nowhere = { ...topic, topic: "nowhere" };
    const { ended } = runConsumer(nowhere, { loader: aLoader() });
    await expect(ended).rejects.toMatchObject({ code: "KAFKA_REFUSED", retryable: false });
  });

  it("ends with the error of a loader that trying again cannot help, and commits nothing", async () => {
    await send(manyHistories(1, 2));
    const broken = { ...aLoader(), load: () => Promise.reject(new TypeError("broken")) };
    await expect(start(broken).ended).rejects.toThrow("broken");
    expect(await committed(topic)).toBe(0);
  });

  it("ends when loading hangs, and the partition's next owner loads what it held", async () => {
    const events = manyHistories(1, 2);
    await send(events);
    const hung = { ...aLoader(), load: () => new Promise<never>(() => undefined) };
    await expect(start(hung, { loadTimeoutMs: 300 }).ended).rejects.toMatchObject({
      code: "KAFKA_CONSUMER_STALLED",
      topic: topic.topic,
    });
    start(aLoader());
    await consumed();
    await expectHistoriesOf(events);
  });
}

async function committed(topic: TestTopic): Promise<number> {
  const offsets = await topic.offsets(GROUP);
  return offsets.reduce((sum, each) => sum + Math.max(each.committed, 0), 0);
}

/** Sends in small portions, so that the group changes while events arrive. */
async function sendSlowly(
  send: (events: readonly RevisionEvent[]) => Promise<void>,
  events: readonly RevisionEvent[],
): Promise<void> {
  for (let from = 0; from < events.length; from += 10) await send(events.slice(from, from + 10));
}

function toMessage(event: RevisionEvent) {
  return { key: recordKey(event)!, value: encodeEvent(event) };
}

function withoutVersion({ version: _, ...event }: RevisionEvent): RevisionEvent {
  return event;
}

/** Histories of several records, one revision of each after the other. */
function manyHistories(records: number, revisions: number): RevisionEvent[] {
  const ops = Array.from({ length: revisions }, (_, version): EventOp =>
    version === 0 ? "INSERT" : "UPDATE",
  );
  const histories = Array.from({ length: records }, (_, record) => aHistory(ops, { id: `record-${record}` }));
  return ops.flatMap((_, version) => histories.map((history) => history[version]!));
}

/** A loader that notes what it was given, and takes its time. */
function recording(loader: Loader, seen: string[], delayMs: number): Loader {
  return {
    load: async (deliveries: readonly Delivery[], options) => {
      seen.push(...deliveries.map(({ deliveryId }) => deliveryId));
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      return loader.load(deliveries, options);
    },
    close: () => loader.close(),
  };
}
