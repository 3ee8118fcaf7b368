// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";
import { createMskHandler, type KafkaEvent } from "@ledger-loader/msk";
import type { ChannelMessage, ChannelSetup, TestChannel } from "@ledger-loader/testkit";
import type { MSKRecord } from "aws-lambda";
import { Parking } from "./parking";

const PARTITIONS = 3;
const TOPIC = "events";

/** The records of a topic by partition, and how far they were acknowledged. */
class SimulatedTopic {
  readonly #partitions = Array.from({ length: PARTITIONS }, (): MSKRecord[] => []);
  readonly #acknowledged = Array.from({ length: PARTITIONS }, () => 0);
  #turn = 0;

  append({ body, group, shard }: ChannelMessage): void {
    const partition = shard ?? Buffer.from(group).reduce((sum, byte) => sum + byte, 0) % PARTITIONS;
    const log = this.#partitions[partition]!;
    log.push({
      topic: TOPIC,
      partition,
      offset: log.length,
      timestamp: 1_763_690_000_000 + log.length,
      timestampType: "CREATE_TIME",
      key: Buffer.from(group).toString("base64"),
      value: Buffer.from(body).toString("base64"),
      headers: [],
    });
  }

  /** The next records of all partitions, or `undefined`. Each partition in its turn is asked first. */
  nextEvent(batchSizeMax: number): KafkaEvent | undefined {
    let room = batchSizeMax;
    const records: Record<string, MSKRecord[]> = {};
    for (let i = 0; i < PARTITIONS; i++) {
      const partition = (this.#turn + i) % PARTITIONS;
      const from = this.#acknowledged[partition]!;
      const taken = this.#partitions[partition]!.slice(from, from + room);
      room -= taken.length;
      if (taken.length > 0) records[`${TOPIC}-${partition}`] = taken;
    }
    return room === batchSizeMax ? undefined : { records };
  }

  /** Goes on after the records of an event, but from the first failed one where there is one. */
  acknowledge({ records }: KafkaEvent, failedFrom: ReadonlyMap<string, number>): void {
    for (const [topicPartition, each] of Object.entries(records)) {
      const { partition, offset } = each.at(-1)!;
      this.#acknowledged[partition] = failedFrom.get(topicPartition) ?? offset + 1;
    }
    this.#turn++;
  }
}

/**
 * The behaviour of Kafka event sources by the Lambda guide, in memory: batches of several partitions, each delivered until the
 * function returns; with partial responses each partition goes on from its first failed record.
 */
export function openLambdaChannel(
  reportBatchItemFailures: boolean,
  { loader, batchSizeMax, parkAfterMs, redeliveryDelaySeconds }: ChannelSetup,
): Promise<TestChannel> {
  const topic = new SimulatedTopic();
  const parking = new Parking(parkAfterMs);
  const handler = createMskHandler(parking.around(loader), { reportBatchItemFailures });
  const invoke = async (event: KafkaEvent) => {
    try {
      const answer = await handler(event);
      topic.acknowledge(event, firstFailures(answer?.batchItemFailures ?? []));
    } catch {
      // Whatever a function throws, Lambda delivers the batch again.
      await sleep(redeliveryDelaySeconds * 200);
    }
  };
  return Promise.resolve({
    send: (messages) => {
      for (const message of messages) {
        parking.sent(message);
        topic.append(message);
      }
      return Promise.resolve();
    },
    drain: async () => {
      for (let event = topic.nextEvent(batchSizeMax); event; event = topic.nextEvent(batchSizeMax))
        await invoke(event);
    },
    takeParked: () => Promise.resolve(parking.take()),
    close: () => Promise.resolve(),
  });
}

function firstFailures(failures: readonly { readonly itemIdentifier: unknown }[]): Map<string, number> {
  const first = new Map<string, number>();
  for (const { itemIdentifier } of failures) {
    const { partition, offset } = itemIdentifier as { partition: string; offset: number };
    first.set(partition, Math.min(first.get(partition) ?? Infinity, offset));
  }
  return first;
}
