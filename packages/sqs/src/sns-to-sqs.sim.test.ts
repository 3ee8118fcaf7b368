// SPDX-License-Identifier: MIT
import { decodeMessage } from "@ledger-loader/core";
import { createSqsHandler } from "@ledger-loader/sqs";
import {
  describeSimulation,
  simulateChannel,
  SnsTopicToQueue,
  SqsQueue,
  toSnsNotification,
  type SourceMessage,
} from "@ledger-loader/testkit/simulation";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";

function wrapped({ body }: SourceMessage, id: string, sentAtMs: number): string {
  return JSON.stringify(toSnsNotification(body, id, sentAtMs));
}

function unwrapped(body: string): string {
  return (JSON.parse(body) as { readonly Message: string }).Message;
}

// A topic in front of the queue: its messages in notifications or raw, in any order and some twice unless it is FIFO.
for (const fifo of [false, true]) {
  describeSimulation(fifo ? "sns-sqs-fifo" : "sns-sqs", 16, (seed) =>
    simulateChannel<SQSEvent, SQSBatchResponse>(seed, (world) => {
      const { random } = world;
      const raw = random.chance(0.5);
      const parks = random.chance(0.5);
      const visibilityTimeoutMs = 1_000 + random.below(9_000);
      const queue = {
        fifo,
        visibilityTimeoutMs,
        ...(!parks && { maxReceiveCount: 2 + random.below(5) }),
        ...(!raw && { toBody: wrapped }),
      };
      return {
        handler: createSqsHandler,
        channel: (invoke) => new SnsTopicToQueue(world, new SqsQueue(world, invoke, queue), { fifo }),
        ...(!raw && {
          bodyOf: ({ body }) => unwrapped(String(body)),
          // As `ledger-loader redrive` decodes letters of a queue.
          decodeLetter: ({ body }) => decodeMessage(String(body)),
        }),
        ...(parks && { parkAfterMs: 25 * visibilityTimeoutMs }),
      };
    }),
  );
}
