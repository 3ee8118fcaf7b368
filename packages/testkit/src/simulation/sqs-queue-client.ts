// SPDX-License-Identifier: MIT
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type ChangeMessageVisibilityBatchRequestEntry,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { World } from "./simulated-channel";
import type { SqsQueue } from "./sqs-queue";

const LATENCY_MAX_MS = 40;

/** The client of a function: it reads a queue's settings and changes when messages come back. Calls fail at a rate. */
export function sqsQueueClient(world: World, queue: () => SqsQueue, failureRate: number): SQSClient {
  const { time, random } = world;
  const send = async (command: unknown): Promise<unknown> => {
    await time.sleep(random.below(LATENCY_MAX_MS));
    const fails = random.chance(failureRate);
    const isDone = !fails || random.chance(0.5);
    const answer = isDone ? answerCommand(queue(), command) : undefined;
    if (fails) throw connectionReset();
    return answer;
  };
  return { send } as unknown as SQSClient;
}

/** The answer of a queue to a call that deletes messages, changes when they come back, or reads its settings. */
export function answerCommand(queue: SqsQueue, command: unknown): unknown {
  if (command instanceof GetQueueAttributesCommand) return { Attributes: queue.attributes };
  if (command instanceof DeleteMessageBatchCommand) {
    return refusals(command.input.Entries, ({ ReceiptHandle = "" }) => queue.delete(ReceiptHandle));
  }
  if (command instanceof ChangeMessageVisibilityBatchCommand) {
    return refusals(command.input.Entries, ({ ReceiptHandle = "", VisibilityTimeout = 0 }) =>
      queue.changeVisibility(ReceiptHandle, VisibilityTimeout),
    );
  }
  throw new Error("the simulated queue does not know this command");
}

/** A lost connection, as Node.js reports it. */
export function connectionReset(): Error {
  return Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
}

type Entry = Partial<ChangeMessageVisibilityBatchRequestEntry>;

function refusals(entries: readonly Entry[] = [], isTaken: (entry: Entry) => boolean): object {
  const refused = entries.filter((entry) => !isTaken(entry));
  return { Failed: refused.map(({ Id }) => ({ Id, Code: "ReceiptHandleIsInvalid", SenderFault: true })) };
}
