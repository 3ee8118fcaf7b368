// SPDX-License-Identifier: MIT
import { randomUUID } from "node:crypto";
import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type Message,
  type MessageSystemAttributeName,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { type Logger, OutageLog, backoffMs, isTransient, pause } from "@ledger-loader/core";
import {
  MESSAGES_PER_CALL,
  type CalledQueue,
  callInBatches,
  changeVisibility,
  nameOf,
  toEntry,
} from "./queue-calls";

/** A message that this consumer has received and not given back. */
export interface HeldMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Partial<Record<MessageSystemAttributeName, string>>;
}

/** Which queue is read, and how. */
export interface QueueReaderOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly batchSizeMax: number;
  readonly waitSeconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly logger: Logger;
}

/** Calls for one deletion at most; what is then left comes back and is found applied. */
const DELETE_ATTEMPTS_MAX = 4;
const DELETE_BACKOFF = { delayMs: 100, delayMaxMs: 400 };
/** The rest after an empty answer where the queue itself is not asked to wait: longer and longer, up to a second. */
const EMPTY_BACKOFF = { delayMs: 20, delayMaxMs: 1_000 };
const RECEIVE_BACKOFF = { delayMs: 500, delayMaxMs: 30_000 };
const TEXTS = { away: "queue does not answer: trying again", back: "queue answers again" };
/** Exactly what deliveries and the time of the next attempt are made of. */
const ATTRIBUTES: MessageSystemAttributeName[] = [
  "ApproximateFirstReceiveTimestamp",
  "ApproximateReceiveCount",
  "MessageGroupId",
  "SentTimestamp",
];

/** Receives, holds, deletes and releases messages; what may pass is tried again. */
export class QueueReader {
  readonly #options: QueueReaderOptions;
  readonly #outage: OutageLog;
  readonly #queue: CalledQueue;
  /** Answers without a message since the last with one. */
  #emptyAnswers = 0;

  constructor(options: QueueReaderOptions) {
    this.#options = options;
    this.#outage = new OutageLog(options.logger, TEXTS);
    this.#queue = { ...options, outage: this.#outage };
  }

  /**
   * Waits for messages, and takes what else is there at once, up to the size of a batch. Once the signal is raised it makes
   * no further call.
   *
   * @throws the SDK's error for what does not pass, such as a queue that is not there.
   */
  async receive(signal: AbortSignal): Promise<readonly HeldMessage[]> {
    const { batchSizeMax, waitSeconds } = this.#options;
    const batch = [...(await this.#receive(batchSizeMax, waitSeconds, signal))];
    this.#emptyAnswers = batch.length === 0 ? this.#emptyAnswers + 1 : 0;
    if (batch.length === 0 && waitSeconds === 0)
      await pause(backoffMs(this.#emptyAnswers, EMPTY_BACKOFF), signal);
    let last = batch.length;
    // A call that was not answered with as much as it asked for has seen all there was, or near enough.
    while (last === MESSAGES_PER_CALL && batch.length < batchSizeMax && !signal.aborted) {
      const more = await this.#receive(batchSizeMax - batch.length, 0, signal);
      batch.push(...more);
      last = more.length;
    }
    return batch;
  }

  /** Prolongs the time in which nobody else gets the messages. Never rejects: what got lost is repeated in time. */
  async hold(messages: readonly HeldMessage[]): Promise<void> {
    await changeVisibility(this.#queue, messages, () => this.#options.visibilityTimeoutSeconds);
  }

  /** Gives messages back, to come again after so many seconds. Never rejects: they come back anyway, if later. */
  async release(
    messages: readonly HeldMessage[],
    delaySeconds: (message: HeldMessage) => number,
  ): Promise<void> {
    await changeVisibility(this.#queue, messages, delaySeconds);
  }

  /** Takes messages off the queue. Never rejects: what could not be deleted comes again, and is found applied. */
  async delete(messages: readonly HeldMessage[]): Promise<void> {
    let pending = messages;
    for (let attempt = 1; pending.length > 0; attempt += 1) {
      pending = await callInBatches(this.#queue, pending, (batch) => {
        const { client, queueUrl: QueueUrl } = this.#options;
        return client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: batch.map(toEntry) }));
      });
      if (pending.length === 0 || attempt === DELETE_ATTEMPTS_MAX) break;
      await pause(backoffMs(attempt, DELETE_BACKOFF));
    }
    if (pending.length > 0) {
      this.#options.logger.warn({ messages: pending.length }, "messages not deleted: they will come again");
    }
  }

  async #receive(
    messagesMax: number,
    waitSeconds: number,
    signal: AbortSignal,
  ): Promise<readonly HeldMessage[]> {
    const { client, queueUrl, visibilityTimeoutSeconds } = this.#options;
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: Math.min(MESSAGES_PER_CALL, messagesMax),
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: visibilityTimeoutSeconds,
      MessageSystemAttributeNames: ATTRIBUTES,
      // Whoever asks again under the same id gets the messages of an answer that was lost; else their groups stay locked.
      ...(queueUrl.endsWith(".fifo") && { ReceiveRequestAttemptId: randomUUID() }),
    });
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        const { Messages = [] } = await client.send(command);
        this.#outage.succeeded();
        return Messages.map(toHeld);
      } catch (error) {
        if (!isTransient(error)) throw error;
        this.#outage.failed({ error: nameOf(error), attempt });
        await pause(backoffMs(attempt, RECEIVE_BACKOFF), signal);
      }
    }
    return [];
  }
}

function toHeld({ MessageId = "", ReceiptHandle = "", Body = "", Attributes = {} }: Message): HeldMessage {
  return { messageId: MessageId, receiptHandle: ReceiptHandle, body: Body, attributes: Attributes };
}
