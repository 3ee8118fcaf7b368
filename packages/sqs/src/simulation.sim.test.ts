// SPDX-License-Identifier: MIT
import { createSqsHandler } from "@ledger-loader/sqs";
import { describeSimulation, simulateChannel, SqsQueue } from "@ledger-loader/testkit/simulation";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";

for (const fifo of [false, true]) {
  describeSimulation(fifo ? "sqs-fifo" : "sqs", 20, (seed) =>
    simulateChannel<SQSEvent, SQSBatchResponse>(seed, (world) => {
      const { random } = world;
      // Either the function parks what it cannot apply, or the queue does.
      const parks = random.chance(0.5);
      const visibilityTimeoutMs = 1_000 + random.below(9_000);
      const queue = { fifo, visibilityTimeoutMs, ...(!parks && { maxReceiveCount: 2 + random.below(5) }) };
      return {
        handler: createSqsHandler,
        channel: (invoke) => new SqsQueue(world, invoke, queue),
        ...(parks && { parkAfterMs: 25 * visibilityTimeoutMs }),
      };
    }),
  );
}
