// SPDX-License-Identifier: MIT
import {
  ChangeMessageVisibilityBatchCommand,
  type BatchResultErrorEntry,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { isTransient, type Logger, type OutageLog } from "@ledger-loader/core";

/** The batch calls of SQS take no more. */
export const MESSAGES_PER_CALL = 10;

/** A queue and the client that calls it. */
export interface CalledQueue {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly logger: Logger;
  /** Told of calls that the queue does not answer, and of those that it does. Absent where nothing is tried again. */
  readonly outage?: OutageLog;
}

/** The part of a received message that a batch call needs. */
export interface Received {
  readonly receiptHandle: string;
}

interface BatchResult {
  readonly Failed?: readonly BatchResultErrorEntry[] | undefined;
}

/** An entry of a batch call; its id is the message's place in the batch. */
export function toEntry({ receiptHandle }: Received, index: number): { Id: string; ReceiptHandle: string } {
  return { Id: String(index), ReceiptHandle: receiptHandle };
}

/** Makes a call for each 10 messages; returns those for which it failed. Never rejects. */
export async function callInBatches<M>(
  { logger, outage }: Pick<CalledQueue, "logger" | "outage">,
  messages: readonly M[],
  call: (batch: readonly M[]) => Promise<BatchResult>,
): Promise<readonly M[]> {
  const left: M[] = [];
  for (let from = 0; from < messages.length; from += MESSAGES_PER_CALL) {
    const batch = messages.slice(from, from + MESSAGES_PER_CALL);
    try {
      const failed = new Set((await call(batch)).Failed?.map(({ Id }) => Id));
      outage?.succeeded();
      left.push(...batch.filter((_, index) => failed.has(String(index))));
    } catch (error) {
      const fields = { error: nameOf(error), messages: batch.length };
      if (outage !== undefined && isTransient(error)) outage.failed(fields);
      else logger.warn(fields, "call to the queue failed");
      left.push(...batch);
    }
  }
  return left;
}

/** Has messages come back after so many seconds. Never rejects: without it they come back too, at another time. */
export async function changeVisibility<M extends Received>(
  queue: CalledQueue,
  messages: readonly M[],
  secondsOf: (message: M) => number,
): Promise<void> {
  const { client, queueUrl: QueueUrl, logger, outage } = queue;
  const left = await callInBatches(queue, messages, (batch) => {
    const Entries = batch.map((message, index) => ({
      ...toEntry(message, index),
      VisibilityTimeout: Math.round(secondsOf(message)),
    }));
    return client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  });
  // While the queue does not answer, that was said.
  const level = outage?.isAway === true ? "debug" : "warn";
  if (left.length > 0) logger[level]({ messages: left.length }, "visibility of messages not changed");
}

/** The name of an error: its message may repeat a message's content. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
