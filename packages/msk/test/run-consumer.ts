// SPDX-License-Identifier: MIT
import { createKafkaConsumer, type KafkaConsumerOptions } from "@ledger-loader/msk";
import { QUICK_CONSUMER } from "./consumer-channel";
import type { TestTopic } from "./kafka-topic";

/** A consumer that runs until it is stopped. */
export interface RunningConsumer {
  /** Ends with the run; rejects with its error. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export const GROUP = "loader";

/** Starts a member of the group. */
export function runConsumer(
  { client, topic }: TestTopic,
  options: Pick<KafkaConsumerOptions, "loader"> & Partial<KafkaConsumerOptions>,
): RunningConsumer {
  const controller = new AbortController();
  const consumer = createKafkaConsumer({ ...QUICK_CONSUMER, client, topic, groupId: GROUP, ...options });
  const ended = consumer.run(controller.signal);
  // Whoever is interested in how it ended waits for it.
  ended.catch(() => undefined);
  return {
    ended,
    stop: () => {
      controller.abort();
      return ended;
    },
  };
}
