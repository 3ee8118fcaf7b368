// SPDX-License-Identifier: MIT
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type Message,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { setTimeout as sleep } from "node:timers/promises";
import { Patience } from "./patience";
import { failedMessageIds } from "./sqs-batch-verdict";
import type { TestQueue } from "../peers/sqs-emulator";
import { toSqsRecord } from "./sqs-record";

/** A Lambda function that an SQS queue invokes. */
export type SqsFunction = (event: SQSEvent) => Promise<SQSBatchResponse | undefined>;

/** How the queue is polled; names and defaults are those of Lambda's event source mapping where it has them. */
export interface SqsEventSourceOptions {
  readonly client: SQSClient;
  readonly queue: TestQueue;
  readonly handler: SqsFunction;
  /** Messages per invocation at most: 1 to 10 on a FIFO queue, up to 10,000 on a standard queue. Default: 10. */
  readonly batchSizeMax?: number;
  /** How long to wait for a full batch; standard queues only. Default: 0. */
  readonly batchingWindowMs?: number;
  /** Pollers, each with one invocation under way at a time. Default: 5, as many as Lambda starts with. */
  readonly concurrency?: number;
  /** True if the mapping says `ReportBatchItemFailures`. Without it what the function returns is ignored. Default: `true`. */
  readonly reportBatchItemFailures?: boolean;
  /**
   * When failed messages come back: when the queue's visibility timeout is over, as with Lambda, or at once, which
   * saves tests the waiting. Default: `"after-visibility-timeout"`.
   */
  readonly failedComeBack?: "after-visibility-timeout" | "at-once";
}

/** The counts of an event source so far. */
export interface SqsEventSourceCounts {
  /** Invocations of the function. */
  readonly invocations: number;
  /** Messages handed to the function, repetitions included. */
  readonly delivered: number;
  /** Messages deleted from the queue, because their delivery did not fail. */
  readonly acknowledged: number;
  /** Invocations that ended with an exception. */
  readonly crashed: number;
}

/** Nothing leaves the queue any more, and it is not empty. */
export class SqsNotDrainedError extends LedgerLoaderError {
  readonly code = "SQS_NOT_DRAINED";
}

/** `ReceiveMessage` and `DeleteMessageBatch` take no more. */
const MESSAGES_PER_CALL = 10;
/**
 * How long a poller rests when the queue had nothing for it, at first and after many such answers. Lambda long-polls; a
 * short rest ends faster.
 */
const IDLE_MS = 15;
const IDLE_MS_MAX = 120;
/** How long `drain` rests between two looks at the queue. */
const DRAIN_LOOK_MS = 40;

/**
 * Polls a queue and invokes a function with what it finds, as Lambda's event source mapping does.
 *
 * What the function does not report as failed is deleted; what it reports stays in flight until it is visible again,
 * and so does a whole batch when the function throws or answers with something that Lambda would not accept. Order
 * within a FIFO group needs nothing here: the queue keeps a group locked while a message of it is in flight. Unlike
 * Lambda it ends no function that takes too long, and splits no batch at 6 MB.
 */
export class SqsEventSource {
  readonly #options: Required<SqsEventSourceOptions>;
  readonly #counts = { invocations: 0, delivered: 0, acknowledged: 0, crashed: 0 };
  #pollers: Promise<void>[] = [];
  /** Batches that were received and are not dealt with. */
  #underWay = 0;
  #stopping = false;
  /** The error that ended the pollers early, such as a queue that is gone. */
  #failure: { readonly cause: unknown } | undefined;

  constructor(options: SqsEventSourceOptions) {
    this.#options = {
      batchSizeMax: MESSAGES_PER_CALL,
      batchingWindowMs: 0,
      concurrency: 5,
      reportBatchItemFailures: true,
      failedComeBack: "after-visibility-timeout",
      ...options,
    };
  }

  /** The counts since the event source was made. */
  get counts(): SqsEventSourceCounts {
    return { ...this.#counts };
  }

  /** Begins to poll. */
  start(): void {
    this.#stopping = false;
    this.#pollers = Array.from({ length: this.#options.concurrency }, () => this.#poll());
  }

  /** Ends polling after the invocations under way; throws if polling had ended with an error before. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#pollers);
    this.#throwFailure();
  }

  /**
   * Waits until the queue holds nothing: no message visible, in flight or delayed.
   *
   * @throws {@link SqsNotDrainedError} once no message has left the queue for `patienceMs` (default: 60,000) of a machine
   * that is not busy.
   */
  async drain(patienceMs = 60_000): Promise<void> {
    const patience = new Patience(patienceMs);
    for (;;) {
      this.#throwFailure();
      const left = await this.#messagesLeft();
      // The queue forgets a message before whoever has deleted it learns of that.
      if (left === 0 && this.#underWay === 0) return;
      if (!patience.mayWait(`${left} left, ${this.#counts.acknowledged} acknowledged`)) {
        throw new SqsNotDrainedError(
          `Expected an empty queue, found ${left} messages of which none has left it for ${patienceMs} ms: ` +
            "see what the function reports as failed.",
        );
      }
      await sleep(DRAIN_LOOK_MS);
    }
  }

  async #poll(): Promise<void> {
    try {
      let idleMs = IDLE_MS;
      while (!this.#stopping) {
        const batch = await this.#receiveBatch();
        if (batch.length === 0) await sleep(idleMs);
        else await this.#deliver(batch);
        idleMs = batch.length === 0 ? Math.min(IDLE_MS_MAX, 2 * idleMs) : IDLE_MS;
      }
    } catch (cause) {
      // Thrown again by `drain` and `stop`, where somebody waits for it.
      this.#failure ??= { cause };
      this.#stopping = true;
    }
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.cause;
  }

  async #receiveBatch(): Promise<Message[]> {
    const { batchSizeMax, batchingWindowMs } = this.#options;
    const deadline = Date.now() + batchingWindowMs;
    const batch: Message[] = [];
    do {
      const received = await this.#receive(Math.min(MESSAGES_PER_CALL, batchSizeMax - batch.length));
      batch.push(...received);
      if (received.length === 0 && batchingWindowMs > 0) await sleep(IDLE_MS);
    } while (batch.length < batchSizeMax && Date.now() < deadline && !this.#stopping);
    return batch;
  }

  async #receive(messagesMax: number): Promise<readonly Message[]> {
    const { Messages: messages } = await this.#options.client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#options.queue.url,
        MaxNumberOfMessages: messagesMax,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      }),
    );
    return messages ?? [];
  }

  async #deliver(batch: readonly Message[]): Promise<void> {
    this.#underWay += 1;
    try {
      await this.#deliverOnce(batch);
    } finally {
      this.#underWay -= 1;
    }
  }

  async #deliverOnce(batch: readonly Message[]): Promise<void> {
    const failed = await this.#invoke(batch);
    const isFailed = (message: Message): boolean => failed.has(message.MessageId ?? "");
    await this.#acknowledge(batch.filter((message) => !isFailed(message)));
    const retried = this.#options.failedComeBack === "at-once" ? batch.filter(isFailed) : [];
    if (retried.length === 0) return;
    await this.#release(retried);
    // Retries without any rest would keep the processor busy, which the machine needs for what is waited for.
    await sleep(IDLE_MS);
  }

  async #invoke(batch: readonly Message[]): Promise<ReadonlySet<string>> {
    const { handler, queue, reportBatchItemFailures } = this.#options;
    const records = batch.map((message) => toSqsRecord(message, queue.arn));
    const ids = records.map((record) => record.messageId);
    this.#counts.invocations += 1;
    this.#counts.delivered += records.length;
    try {
      const response = await handler({ Records: records });
      return reportBatchItemFailures ? failedMessageIds(response, ids) : new Set();
    } catch {
      // Lambda does not look at the error either: the whole batch becomes visible again.
      this.#counts.crashed += 1;
      return new Set(ids);
    }
  }

  async #acknowledge(messages: readonly Message[]): Promise<void> {
    for (const Entries of batchEntries(messages)) {
      await this.#options.client.send(
        new DeleteMessageBatchCommand({ QueueUrl: this.#options.queue.url, Entries }),
      );
    }
    this.#counts.acknowledged += messages.length;
  }

  async #release(messages: readonly Message[]): Promise<void> {
    for (const entries of batchEntries(messages)) {
      await this.#options.client.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: this.#options.queue.url,
          Entries: entries.map((entry) => ({ ...entry, VisibilityTimeout: 0 })),
        }),
      );
    }
  }

  async #messagesLeft(): Promise<number> {
    const { Attributes: found } = await this.#options.client.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.#options.queue.url,
        AttributeNames: [
          "ApproximateNumberOfMessages",
          "ApproximateNumberOfMessagesNotVisible",
          "ApproximateNumberOfMessagesDelayed",
        ],
      }),
    );
    return Object.values(found ?? {}).reduce((sum, count) => sum + Number(count), 0);
  }
}

function* batchEntries(messages: readonly Message[]): Generator<{ Id: string; ReceiptHandle: string }[]> {
  for (let start = 0; start < messages.length; start += MESSAGES_PER_CALL) {
    yield messages.slice(start, start + MESSAGES_PER_CALL).map((message, index) => ({
      Id: String(index),
      ReceiptHandle: message.ReceiptHandle ?? "",
    }));
  }
}
