// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { createSqsConsumer } from "@ledger-loader/sqs";
import {
  describeSimulation,
  simulateChannel,
  SqsQueue,
  SqsWorkers,
  type ChannelVerdict,
  type SqsWorkerLife,
} from "@ledger-loader/testkit/simulation";

// Processes that share a queue: stopped, killed before they delete what is in the ledger, cut off while they hold it.
function simulate(seed: number, fifo: boolean): Promise<ChannelVerdict> {
  return simulateChannel<SqsWorkerLife, unknown>(seed, (world) => {
    const { random } = world;
    const parks = random.chance(0.5);
    const settings = {
      concurrency: 1 + random.below(3),
      batchSizeMax: 1 + random.below(25),
      visibilityTimeoutSeconds: 3 + random.below(4),
      waitSeconds: random.below(4),
      retryDelaySeconds: random.below(3),
    };
    const queue = {
      fifo,
      visibilityTimeoutMs: 30_000,
      ...(!parks && { maxReceiveCount: 3 + random.below(5) }),
    };
    return {
      handler: (loader) => async (life) => {
        const { client, queueUrl, signal, guard } = life;
        const consumer = createSqsConsumer({ ...settings, client, queueUrl, loader: guard(loader) });
        await consumer.run(signal);
      },
      // The queue is read by its API: nothing is invoked on its behalf.
      channel: (invoke) => new SqsWorkers(world, SqsQueue.withoutFunction(world, queue), invoke),
      ...(parks && { parkAfterMs: 90_000 }),
    };
  });
}

for (const fifo of [false, true]) {
  describeSimulation(fifo ? "sqs-fifo-consumer" : "sqs-consumer", 15, (seed) => simulate(seed, fifo));
}

it.each([3, 4, 8])("repeats a run of consumers from its seed, %i", async (seed) => {
  expect(await simulate(seed, true)).toEqual(await simulate(seed, true));
});
