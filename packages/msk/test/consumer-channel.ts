// SPDX-License-Identifier: MIT
import { createKafkaConsumer, type KafkaConsumerOptions } from "@ledger-loader/msk";
import {
  SimulatedCrashError,
  type ChannelMessage,
  type ChannelSetup,
  type KafkaBroker,
  type TestChannel,
} from "@ledger-loader/testkit";
import type { Message } from "kafkajs";
import { openTopic } from "./kafka-topic";
import { Parking } from "./parking";
import { until } from "./until";

/** Small enough for tests, in the proportions of the defaults. */
export const QUICK_CONSUMER = {
  maxWaitMs: 100,
  retryDelayMs: 20,
  retryDelayMaxMs: 200,
  sessionTimeoutMs: 6_000,
  rebalanceTimeoutMs: 10_000,
  heartbeatIntervalMs: 200,
} satisfies Partial<KafkaConsumerOptions>;

/** A topic and the consumer, for `describeChannel`. A crash of the loader ends the consumer; another one takes its place. */
export async function openConsumerChannel(
  broker: KafkaBroker,
  { loader, batchSizeMax, parkAfterMs }: ChannelSetup,
): Promise<TestChannel> {
  const topic = await openTopic(broker, 3);
  const parking = new Parking(parkAfterMs);
  const groupId = "loader";
  const consumeUntil = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      const consumer = createKafkaConsumer({
        ...QUICK_CONSUMER,
        // No member is lost here: on a busy machine a short session would end, and what it parked be parked twice.
        sessionTimeoutMs: 60_000,
        rebalanceTimeoutMs: 60_000,
        client: topic.client,
        topic: topic.topic,
        groupId,
        loader: parking.around(loader),
        batchSizeMax,
      });
      await consumer.run(signal).catch((error: unknown) => {
        if (!(error instanceof SimulatedCrashError)) throw error;
      });
    }
  };
  return {
    send: async (messages) => {
      for (const message of messages) parking.sent(message);
      await topic.send(messages.map(toKafkaMessage));
    },
    drain: async () => {
      const stop = new AbortController();
      const consuming = consumeUntil(stop.signal);
      try {
        await Promise.race([until(() => topic.isConsumed(groupId)), consuming]);
      } finally {
        stop.abort();
        await consuming;
      }
    },
    takeParked: () => Promise.resolve(parking.take()),
    close: () => topic.close(),
  };
}

/** Puts a message that names a shard there, whatever its key, as by a producer whose key is not the record. */
function toKafkaMessage({ body, group, shard }: ChannelMessage): Message {
  return { key: group, value: body, ...(shard !== undefined && { partition: shard }) };
}
