// SPDX-License-Identifier: MIT
import { createSqsHandler } from "@ledger-loader/sqs";
import {
  describeSimulation,
  simulateChannel,
  SqsQueue,
  sqsQueueClient,
} from "@ledger-loader/testkit/simulation";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";

/** How often a call of the function to its queue fails. */
const CALL_FAILURE_RATE = 0.1;

for (const fifo of [false, true]) {
  describeSimulation(fifo ? "sqs-fifo" : "sqs", 20, (seed) =>
    simulateChannel<SQSEvent, SQSBatchResponse>(seed, (world) => {
      const { random } = world;
      // Either the function parks what it cannot apply, or the queue does.
      const parks = random.chance(0.5);
      // Either the function has failed messages come back sooner, or they come back when the time-out is over.
      const hastens = random.chance(0.5);
      const visibilityTimeoutMs = 1_000 * (1 + random.below(hastens ? 60 : 9));
      const settings = { fifo, visibilityTimeoutMs, ...(!parks && { maxReceiveCount: 2 + random.below(5) }) };
      let queue: SqsQueue | undefined;
      const client = sqsQueueClient(world, () => queue!, CALL_FAILURE_RATE);
      return {
        handler: (loader) => createSqsHandler(loader, hastens ? { client } : {}),
        channel: (invoke) => (queue = new SqsQueue(world, invoke, settings)),
        ...(parks && { parkAfterMs: 25 * visibilityTimeoutMs }),
      };
    }),
  );
}
