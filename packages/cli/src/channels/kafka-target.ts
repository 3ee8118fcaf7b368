// SPDX-License-Identifier: MIT
import { createKafkaClient, createKafkaPublisher, parseKafkaConnection } from "@ledger-loader/msk";
import { createPublisherTarget, type ReplayTarget } from "@ledger-loader/move";
import type { Terminal } from "../output/terminal";

/** Runs `work` with a target that sends events to a topic of the cluster that the environment names. */
export async function withTopic<T>(
  env: Terminal["env"],
  topic: string,
  work: (target: ReplayTarget) => Promise<T>,
): Promise<T> {
  const publisher = createKafkaPublisher({ client: createKafkaClient(parseKafkaConnection(env)), topic });
  try {
    return await work(createPublisherTarget(publisher));
  } finally {
    await publisher.close();
  }
}
