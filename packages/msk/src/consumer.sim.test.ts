// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { type Loader, silentLogger } from "@ledger-loader/core";
import { createKafkaConsumer, KafkaUnavailableError } from "@ledger-loader/msk";
import {
  describeSimulation,
  KafkaWorkers,
  SimulatedCrashError,
  simulateChannel,
  type ChannelVerdict,
  type KafkaWorkerLife,
} from "@ledger-loader/testkit/simulation";
import { Kafka, logLevel } from "kafkajs";

// Processes of one group, by KafkaJS: stopped, killed before a commit, slow, cut off while they go on with the ledger.
function simulate(seed: number): Promise<ChannelVerdict> {
  return simulateChannel<KafkaWorkerLife, unknown>(seed, (world) => {
    const { random } = world;
    const settings = {
      batchSizeMax: 1 + random.below(6),
      heldMax: 1 + random.below(4),
      concurrency: 1 + random.below(4),
      retryDelayMs: 200 + random.below(800),
      retryDelayMaxMs: 4_000,
      sessionTimeoutMs: 3_000 + random.below(4_000),
      heartbeatIntervalMs: 500 + random.below(1_000),
      rebalanceTimeoutMs: 1_000 + random.below(6_000),
      maxWaitMs: 200 + random.below(1_000),
      maxBytesPerPartition: 500 + random.below(4_000),
    };
    return {
      handler: (loader) => async (life) => {
        const { clientConfig, topic, groupId, signal, guard } = life;
        const log = { hasJoined: false };
        const consumer = createKafkaConsumer({
          ...settings,
          client: new Kafka({ ...clientConfig, logLevel: logLevel.NOTHING }),
          topic,
          groupId,
          loader: oneBatchPerPartition(guard(loader)),
          logger: { ...silentLogger, info: () => (log.hasJoined = true) },
        });
        await consumer.run(signal).catch((error: unknown) => {
          // Who finds no cluster when it starts ends, and is started again; who was in the group waits.
          const isAtStart = !log.hasJoined && error instanceof KafkaUnavailableError;
          throw isAtStart ? new SimulatedCrashError(error.message) : error;
        });
      },
      parkAfterMs: random.below(4) * 5_000,
      channel: (invoke) => new KafkaWorkers(world, invoke),
    };
  });
}

/** Checks that a batch that was lost with a partition ends before the same process loads the partition again. */
function oneBatchPerPartition(loader: Loader): Loader {
  const underWay = new Set<string>();
  return {
    load: async (deliveries, options) => {
      const partition = deliveries[0]?.origin?.split("@")[0] ?? "none";
      if (underWay.has(partition)) throw new Error(`two batches of ${partition} are under way at once`);
      underWay.add(partition);
      return loader.load(deliveries, options).finally(() => underWay.delete(partition));
    },
    close: () => loader.close(),
  };
}

describeSimulation("msk-consumer", 40, simulate);

it.each([3, 17])("repeats a run of consumers from its seed, %i", async (seed) => {
  expect(await simulate(seed)).toEqual(await simulate(seed));
});
