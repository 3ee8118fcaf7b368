// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import type { KafkaBroker } from "@ledger-loader/testkit";
import { Kafka, type Admin, type Message, type Producer } from "kafkajs";

/** A topic of its own for a test, with what looks at it from outside. */
export interface TestTopic {
  readonly topic: string;
  readonly client: Kafka;
  /** Sends messages in this order, keyed as they are. */
  send(messages: readonly Message[]): Promise<void>;
  /** Committed and last offset of each partition. */
  offsets(groupId: string): Promise<readonly { readonly committed: number; readonly end: number }[]>;
  /** True if the group has committed everything. */
  isConsumed(groupId: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Brokers of tests restart: clients must find them again quickly. */
const QUICK = { initialRetryTime: 50, retries: 10 };

export function kafkaClient(broker: KafkaBroker): Kafka {
  process.env["KAFKAJS_NO_PARTITIONER_WARNING"] = "1";
  return new Kafka({ ...broker.clientConfig, retry: QUICK });
}

export async function openTopic(broker: KafkaBroker, partitions: number): Promise<TestTopic> {
  const topic = `topic-${randomUUID()}`;
  await broker.createTopic(topic, partitions);
  const client = kafkaClient(broker);
  const admin = client.admin();
  const producer = client.producer();
  await Promise.all([admin.connect(), producer.connect()]);
  const offsets = (groupId: string) => offsetsOf(admin, topic, groupId);
  return {
    topic,
    client,
    send: (messages) => sendAll(producer, topic, messages),
    offsets,
    isConsumed: async (groupId) =>
      (await offsets(groupId)).every(({ committed, end }) => Math.max(committed, 0) === end),
    close: async () => {
      await Promise.all([admin.disconnect(), producer.disconnect()]);
    },
  };
}

async function sendAll(producer: Producer, topic: string, messages: readonly Message[]): Promise<void> {
  await producer.send({ topic, messages: [...messages] });
}

async function offsetsOf(admin: Admin, topic: string, groupId: string) {
  const ends = await admin.fetchTopicOffsets(topic);
  const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
  return ends
    .toSorted((a, b) => a.partition - b.partition)
    .map(({ partition, high }) => ({
      committed: Number(committed?.partitions.find((each) => each.partition === partition)?.offset ?? -1),
      end: Number(high),
    }));
}
