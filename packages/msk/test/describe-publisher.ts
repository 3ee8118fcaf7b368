// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { type RevisionEvent, decodeEvents, encodeEvent } from "@ledger-loader/core";
import { createKafkaPublisher, type KafkaPublisher, type KafkaPublisherOptions } from "@ledger-loader/msk";
import { aHistory, anEvent, type KafkaBroker } from "@ledger-loader/testkit";
import type { Kafka } from "kafkajs";
import { openTopic, type TestTopic } from "./kafka-topic";
import { until } from "./until";

interface Stored {
  readonly partition: number;
  readonly key: string | undefined;
  readonly value: string;
}

/** The promises of the publisher, on whatever broker. */
export function describePublisher(broker: () => KafkaBroker, idempotent: boolean): void {
  let topic: TestTopic;
  let publisher: KafkaPublisher;
  beforeEach(async () => {
    topic = await openTopic(broker(), 3);
  });
  afterEach(async () => {
    await publisher.close();
    await topic.close();
  });

  const aPublisher = (options: Partial<KafkaPublisherOptions> = {}) => {
    publisher = createKafkaPublisher({
      client: topic.client,
      topic: topic.topic,
      idempotent,
      retryDelayMs: 50,
      ...options,
    });
    return publisher;
  };

  it("sends every event once, each record's in order in one partition", async () => {
    const events = histories(20, 10);
    const progress: number[] = [];
    const report = await aPublisher({ batchSizeMax: 7 }).publish(stream(events), (n) => progress.push(n));
    expect(report).toEqual({ published: 200, retries: 0 });
    expect(progress.at(-1)).toBe(200);
    const stored = await readAll(topic.client, topic.topic, 200);
    expect(new Set(stored.map(({ partition }) => partition)).size).toBeGreaterThan(1);
    for (const key of new Set(stored.map((each) => each.key))) {
      const ofKey = stored.filter((each) => each.key === key);
      expect(new Set(ofKey.map(({ partition }) => partition)).size).toBe(1);
      const versions = ofKey.map(({ value }) => decodeEvents(value).events[0]!.event!.version);
      expect(versions).toEqual([...versions.keys()]);
    }
  });

  it("shows no ids in its keys, keeps the events of one group together, and gives events without id no key", async () => {
    const grouped = ["a", "b"].map((id) => anEvent({ id, group: "jane" }));
    await aPublisher().publish(stream([anEvent({ id: "jane" }), ...grouped, anEvent({ id: undefined })]));
    const stored = await readAll(topic.client, topic.topic, 4);
    const keyOf = (event: RevisionEvent) => stored.find(({ value }) => value === encodeEvent(event))?.key;
    expect(stored.map(({ key }) => key ?? "").join()).not.toContain("jane");
    expect(keyOf(grouped[0]!)).toBe(keyOf(grouped[1]!));
    expect(keyOf(grouped[0]!)).not.toBe(keyOf(anEvent({ id: "jane" })));
    expect(keyOf(anEvent({ id: undefined }))).toBeUndefined();
  });

  it("sends compressed what any consumer reads", async () => {
    const events = histories(3, 3);
    await aPublisher({ compression: "gzip" }).publish(stream(events));
    const stored = await readAll(topic.client, topic.topic, 9);
    expect(stored.map(({ value }) => value).toSorted()).toEqual(events.map(encodeEvent).toSorted());
  });

  it("keeps its connection over several calls", async () => {
    aPublisher();
    for (const events of [histories(2, 2), histories(3, 1)]) await publisher.publish(stream(events));
    expect(await readAll(topic.client, topic.topic, 7)).toHaveLength(7);
  });

  it("holds back what comes after an event that is too large, sends all others, and then says so", async () => {
    const [first, , third] = aHistory(["INSERT", "UPDATE", "UPDATE"], { id: "a" });
    const large = anEvent({ op: "UPDATE", id: "a", version: 1, data: { text: "x".repeat(2_000) } });
    const other = anEvent({ id: "b" });
    const publishing = aPublisher({ batchBytesMax: 1_500 }).publish(stream([first!, large, other, third!]));
    await expect(publishing).rejects.toMatchObject({
      code: "EVENTS_REFUSED",
      refused: [{ event: large, code: "MESSAGE_TOO_LARGE" }],
      heldBack: [third],
      published: 2,
    });
    const stored = await readAll(topic.client, topic.topic, 2);
    expect(stored.map(({ value }) => value).toSorted()).toEqual([first!, other].map(encodeEvent).toSorted());
  });

  it("goes on when the broker was killed and came back, in order and with nothing lost", async () => {
    const events = histories(10, 30);
    const publishing = aPublisher({ batchSizeMax: 10 }).publish(
      stream(events, async (index) => {
        if (index === 100) await broker().restart();
      }),
    );
    expect(await publishing).toMatchObject({ published: 300 });
    const stored = await readAll(topic.client, topic.topic, 300);
    expect(stored.map(({ value }) => value).toSorted()).toEqual(events.map(encodeEvent).toSorted());
  });

  it("refuses a topic that is not there, at once", async () => {
    const publishing = aPublisher({ topic: "nowhere" }).publish(stream([anEvent()]));
    await expect(publishing).rejects.toMatchObject({ code: "KAFKA_REFUSED", retryable: false });
  });

  it("throws what its source throws", async () => {
    const broken = stream([anEvent()], () => Promise.reject(new Error("the export is truncated")));
    await expect(aPublisher().publish(broken)).rejects.toThrow("the export is truncated");
  });
}

async function* stream(
  events: readonly RevisionEvent[],
  before: (index: number) => Promise<void> = () => Promise.resolve(),
): AsyncGenerator<RevisionEvent> {
  for (const [index, event] of events.entries()) {
    await before(index);
    yield event;
  }
}

/** One revision of each record after the other. */
function histories(records: number, revisions: number): RevisionEvent[] {
  return Array.from({ length: revisions }, (_, version) =>
    Array.from({ length: records }, (__, record) =>
      anEvent({
        op: version === 0 ? "INSERT" : "UPDATE",
        id: `record-${record}`,
        version,
        data: { version },
      }),
    ),
  ).flat();
}

async function readAll(client: Kafka, topic: string, count: number): Promise<readonly Stored[]> {
  const stored: Stored[] = [];
  const consumer = client.consumer({ groupId: `reader-${topic}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ partition, message: { key, value } }) => {
      stored.push({ partition, key: key?.toString(), value: String(value) });
      return Promise.resolve();
    },
  });
  await until(() => stored.length >= count);
  await consumer.disconnect();
  return stored;
}
