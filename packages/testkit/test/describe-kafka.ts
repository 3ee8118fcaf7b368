// SPDX-License-Identifier: MIT
import { afterEach, describe, expect, it } from "@jest/globals";
import { CompressionTypes, Kafka, type Consumer, type EachMessagePayload, type Message } from "kafkajs";
import type { KafkaBroker } from "@ledger-loader/testkit";

process.env["KAFKAJS_NO_PARTITIONER_WARNING"] = "1";

interface Seen {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | undefined;
  readonly value: string;
}

/** A consumer, and the partitions it has since the last rebalance. */
interface Member {
  readonly consumer: Consumer;
  readonly partitions: readonly number[];
}

/** The behaviour that the msk channel relies on, whatever broker it talks to. */
export function describeKafka(broker: () => KafkaBroker): void {
  const client = () => new Kafka({ ...broker().clientConfig, retry: { initialRetryTime: 50, retries: 10 } });
  const running: Consumer[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((consumer) => consumer.disconnect()));
  });
  let topics = 0;
  const aTopic = async (partitions: number) => {
    const topic = `topic-${++topics}`;
    await broker().createTopic(topic, partitions);
    return topic;
  };

  async function produce(topic: string, messages: Message[], compression = CompressionTypes.None) {
    const producer = client().producer();
    await producer.connect();
    const written = await producer.send({ topic, messages, compression });
    await producer.disconnect();
    return written;
  }

  async function join(
    topic: string,
    groupId: string,
    eachMessage: (payload: EachMessagePayload) => void | Promise<void>,
    autoCommit = true,
  ): Promise<Member> {
    const consumer = client().consumer({
      groupId,
      sessionTimeout: 6_000,
      heartbeatInterval: 200,
      rebalanceTimeout: 6_000,
      maxWaitTimeInMs: 100,
    });
    running.push(consumer);
    const member = { consumer, partitions: [] as readonly number[] };
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      member.partitions = Object.values(payload.memberAssignment).flat();
    });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ autoCommit, eachMessage: async (payload) => eachMessage(payload) });
    return member;
  }

  async function readAll(topic: string, groupId: string, count: number): Promise<Seen[]> {
    const seen: Seen[] = [];
    const { consumer } = await join(topic, groupId, (payload) => {
      seen.push(seenIn(payload));
    });
    await until(() => seen.length >= count);
    await consumer.disconnect();
    return seen;
  }

  describe("topics", () => {
    it("gives messages back with key, headers and time, in order within a partition", async () => {
      const topic = await aTopic(4);
      const messages = Array.from({ length: 200 }, (_, i) => ({
        key: `record ${i % 10}`,
        value: `value ${i}`,
        headers: { run: "7" },
        timestamp: "1606000000000",
      }));
      await produce(topic, messages);
      const payloads: EachMessagePayload[] = [];
      const { consumer } = await join(topic, "all", (payload) => {
        payloads.push(payload);
      });
      await until(() => payloads.length >= 200);
      await consumer.disconnect();
      const seen = payloads.map(seenIn);
      for (const key of new Set(messages.map((message) => message.key))) {
        const sent = messages.filter((message) => message.key === key).map((message) => message.value);
        const got = seen.filter((message) => message.key === key);
        expect(got.map((message) => message.value)).toEqual(sent);
        expect(new Set(got.map((message) => message.partition)).size).toBe(1);
      }
      for (let partition = 0; partition < 4; partition++) {
        const offsets = seen.filter((m) => m.partition === partition).map((m) => m.offset);
        expect(offsets).toEqual([...offsets.keys()]);
      }
      expect(payloads[0]?.message.headers?.["run"]?.toString()).toBe("7");
      expect(payloads[0]?.message.timestamp).toBe("1606000000000");
    });

    it("takes compressed batches and messages without key or value", async () => {
      const topic = await aTopic(1);
      await produce(topic, [{ value: "squeezed ".repeat(100) }, { value: null }], CompressionTypes.GZIP);
      const seen = await readAll(topic, "squeezed", 2);
      expect(seen.map((message) => message.value)).toEqual(["squeezed ".repeat(100), "null"]);
      expect(seen[0]?.key).toBeUndefined();
    });

    it("tells where a partition begins and ends", async () => {
      const topic = await aTopic(2);
      await produce(topic, [
        { partition: 0, value: "a" },
        { partition: 0, value: "b" },
      ]);
      const admin = client().admin();
      await admin.connect();
      const offsets = await admin.fetchTopicOffsets(topic);
      await admin.disconnect();
      expect(offsets.map(({ partition, low, high }) => [partition, low, high]).sort()).toEqual([
        [0, "0", "2"],
        [1, "0", "0"],
      ]);
    });
  });

  describe("consumer groups", () => {
    it("go on after the last committed offset when a consumer comes back", async () => {
      const topic = await aTopic(2);
      await produce(topic, numbered(0, 50));
      expect(await readAll(topic, "returning", 50)).toHaveLength(50);
      await produce(topic, numbered(50, 20));
      const seen = await readAll(topic, "returning", 20);
      expect(seen.map((message) => message.value).sort()).toEqual(
        numbered(50, 20)
          .map((m) => m.value)
          .sort(),
      );
    });

    it("deliver again what was not committed", async () => {
      const topic = await aTopic(1);
      await produce(topic, numbered(0, 10));
      const first: Seen[] = [];
      const { consumer } = await join(topic, "forgetful", (p) => void first.push(seenIn(p)), false);
      await until(() => first.length >= 10);
      await consumer.commitOffsets([{ topic, partition: 0, offset: "4" }]);
      await consumer.disconnect();
      const seen = await readAll(topic, "forgetful", 6);
      expect(seen.map((message) => message.offset)).toEqual([4, 5, 6, 7, 8, 9]);
    });

    it("share the partitions, and give those of a member that leaves to the one that stays", async () => {
      const topic = await aTopic(4);
      const seen: Seen[] = [];
      const one = await join(topic, "pair", (p) => void seen.push(seenIn(p)));
      const two = await join(topic, "pair", (p) => void seen.push(seenIn(p)));
      await until(() => one.partitions.length === 2 && two.partitions.length === 2);
      expect([...one.partitions, ...two.partitions].sort()).toEqual([0, 1, 2, 3]);
      await produce(topic, numbered(0, 40));
      await until(() => seen.length >= 40);
      await two.consumer.disconnect();
      await until(() => one.partitions.length === 4);
      await produce(topic, numbered(40, 40));
      await until(() => new Set(seen.map((message) => message.value)).size >= 80);
    });

    it("refuse the commit of a member that lost its partitions", async () => {
      const topic = await aTopic(1);
      await produce(topic, numbered(0, 3));
      // Stands still in its handler. KafkaJS goes on sending heartbeats, but only between fetches: a fetch that takes
      // longer than the session ends the member's session.
      let release: () => void = () => undefined;
      const blocked = new Promise<void>((resolve) => (release = resolve));
      let reached = false;
      const stuck = client().consumer({
        groupId: "fenced",
        sessionTimeout: 1_000,
        heartbeatInterval: 200,
        maxWaitTimeInMs: 3_000,
        retry: { retries: 0 },
      });
      running.push(stuck);
      await stuck.connect();
      await stuck.subscribe({ topic, fromBeginning: true });
      await stuck.run({
        autoCommit: false,
        eachMessage: async () => {
          reached = true;
          await blocked;
        },
      });
      await until(() => reached);
      const seen = await readAll(topic, "fenced", 3);
      expect(seen).toHaveLength(3);
      await expect(stuck.commitOffsets([{ topic, partition: 0, offset: "1" }])).rejects.toThrow();
      release();
      await produce(topic, numbered(3, 1));
      expect((await readAll(topic, "fenced", 1)).map((message) => message.offset)).toEqual([3]);
    });

    it("start anew at the beginning where their offset is gone", async () => {
      const topic = await aTopic(1);
      await produce(topic, numbered(0, 2));
      const admin = client().admin();
      await admin.connect();
      await admin.setOffsets({ groupId: "lost", topic, partitions: [{ partition: 0, offset: "99" }] });
      await admin.disconnect();
      expect((await readAll(topic, "lost", 2)).map((message) => message.offset)).toEqual([0, 1]);
    });
  });

  it("keeps messages and committed offsets when the broker is killed and comes back", async () => {
    const topic = await aTopic(1);
    await produce(topic, numbered(0, 5));
    expect(await readAll(topic, "survivor", 5)).toHaveLength(5);
    await broker().restart();
    await produce(topic, numbered(5, 5));
    expect((await readAll(topic, "survivor", 5)).map((message) => message.offset)).toEqual([5, 6, 7, 8, 9]);
    expect(await readAll(topic, "newcomer", 10)).toHaveLength(10);
  });
}

function numbered(from: number, count: number) {
  return Array.from({ length: count }, (_, i) => ({
    key: `key ${(from + i) % 7}`,
    value: `value ${from + i}`,
  }));
}

function seenIn({ partition, message }: EachMessagePayload): Seen {
  return {
    partition,
    offset: Number(message.offset),
    key: message.key?.toString(),
    value: String(message.value),
  };
}

async function until(holds: () => boolean, withinMs = 20_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("it did not happen in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
