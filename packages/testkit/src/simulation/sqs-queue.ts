// SPDX-License-Identifier: MIT
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { failedMessageIds } from "../event-source/sqs-batch-verdict";
import type { SourceMessage } from "./channel-source";
import type { Invoke, SimulatedChannel, World } from "./simulated-channel";

/** How a queue and its event source mapping are set. */
export interface SqsQueueOptions {
  readonly fifo: boolean;
  readonly visibilityTimeoutMs: number;
  /** Receives before a message goes to the dead-letter queue. Default: it never does. */
  readonly maxReceiveCount?: number;
  /** The body of the message that holds a source's message. Default: the source's own. */
  readonly toBody?: (message: SourceMessage, id: string, sentAtMs: number) => string;
}

interface QueuedMessage {
  readonly id: string;
  readonly message: SourceMessage;
  readonly sentAtMs: number;
  visibleAtMs: number;
  firstReceivedAtMs: number | undefined;
  receives: number;
}

const POLLERS = 3;
const BATCH_MAX = 10;
/** How often a standard queue hands a message out although somebody else works on it. */
const EXTRA_DELIVERY_RATE = 0.03;

/**
 * An SQS queue behind Lambda's event source mapping with `ReportBatchItemFailures`.
 *
 * Messages that were received are away until their visibility time-out is over, even if their function still works; a
 * receive above the limit goes to the dead-letter queue. A standard queue hands out any messages, some of them twice. A
 * FIFO queue hands out a group's messages in order, several in one batch, and none while one of them is away.
 */
export class SqsQueue implements SimulatedChannel {
  readonly keepsOrder: boolean;
  readonly dropped: string[] = [];
  readonly #world: World;
  readonly #invoke: Invoke<SQSEvent, SQSBatchResponse>;
  readonly #options: SqsQueueOptions;
  #messages: QueuedMessage[] = [];
  #sent = 0;

  constructor(world: World, invoke: Invoke<SQSEvent, SQSBatchResponse>, options: SqsQueueOptions) {
    this.#world = world;
    this.#invoke = invoke;
    this.#options = options;
    this.keepsOrder = options.fifo;
  }

  /** A queue that is read by `receive` alone. */
  static withoutFunction(world: World, options: SqsQueueOptions): SqsQueue {
    return new SqsQueue(world, () => Promise.reject(new Error("no function reads this queue")), options);
  }

  publish(message: SourceMessage): void {
    const { nowMs } = this.#world.time;
    this.#messages.push({
      id: `message-${++this.#sent}`,
      message,
      sentAtMs: nowMs,
      visibleAtMs: nowMs,
      firstReceivedAtMs: undefined,
      receives: 0,
    });
  }

  async run(isPublishing: () => boolean): Promise<void> {
    await Promise.all(Array.from({ length: POLLERS }, () => this.#poll(isPublishing)));
  }

  async #poll(isPublishing: () => boolean): Promise<void> {
    const { time, random } = this.#world;
    while (isPublishing() || this.#messages.length > 0) {
      const batch = this.#take(1 + random.below(BATCH_MAX));
      if (batch.length > 0) await this.#deliver(batch);
      else await time.sleep(this.#untilVisibleMs() + random.below(100));
    }
  }

  /** Long polling: a receive waits until there is something. */
  #untilVisibleMs(): number {
    const { nowMs } = this.#world.time;
    const waits = this.#messages.map(({ visibleAtMs }) => visibleAtMs - nowMs).filter((wait) => wait > 0);
    return Math.max(50, Math.min(...waits, 1_000_000) % 1_000_000);
  }

  /** Its URL, whose last part ends with `.fifo` where it is one. */
  get url(): string {
    return `https://sqs.us-east-1.amazonaws.com/123456789012/${this.#name}`;
  }

  /** Its settings, as `GetQueueAttributes` returns them. */
  get attributes(): Readonly<Record<string, string>> {
    const { visibilityTimeoutMs, maxReceiveCount } = this.#options;
    return {
      VisibilityTimeout: String(visibilityTimeoutMs / 1_000),
      ...(maxReceiveCount !== undefined && { RedrivePolicy: JSON.stringify({ maxReceiveCount }) }),
    };
  }

  get isEmpty(): boolean {
    return this.#messages.length === 0;
  }

  /** Hands out messages for so long; who has received them may delete, prolong or release them. */
  receive(max: number, visibilitySeconds?: number): readonly SQSRecord[] {
    const timeoutMs =
      visibilitySeconds === undefined ? this.#options.visibilityTimeoutMs : visibilitySeconds * 1_000;
    return this.#take(max, timeoutMs).map((queued) => this.#toRecord(queued));
  }

  /** Deletes a message by its receipt; whether the receipt was good. */
  delete(receiptHandle: string): boolean {
    const queued = this.#find(receiptHandle);
    if (queued !== undefined) this.#delete([queued]);
    return queued !== undefined;
  }

  /** Has a message come back after so many seconds; whether the receipt was good. */
  changeVisibility(receiptHandle: string, seconds: number): boolean {
    const queued = this.#find(receiptHandle);
    if (queued !== undefined) queued.visibleAtMs = this.#world.time.nowMs + seconds * 1_000;
    return queued !== undefined;
  }

  #find(receiptHandle: string): QueuedMessage | undefined {
    return this.#messages.find(
      (each) => receiptOf(each) === receiptHandle && this.#isGood({ queued: each, receipt: each.receives }),
    );
  }

  /** A receipt is good until the message is received again; on a FIFO queue only while the message is away. */
  #isGood({ queued, receipt }: { readonly queued: QueuedMessage; readonly receipt: number }): boolean {
    const isAway = queued.visibleAtMs > this.#world.time.nowMs;
    return receipt === queued.receives && (!this.#options.fifo || isAway);
  }

  get #name(): string {
    return `simulated${this.#options.fifo ? ".fifo" : ""}`;
  }

  #take(max: number, timeoutMs = this.#options.visibilityTimeoutMs): readonly QueuedMessage[] {
    const { maxReceiveCount = Infinity } = this.#options;
    const received: QueuedMessage[] = [];
    for (const candidate of this.#candidates()) {
      if (received.length === max) break;
      if (candidate.receives >= maxReceiveCount) this.#drop(candidate);
      else received.push(this.#hide(candidate, timeoutMs));
    }
    return received;
  }

  #candidates(): readonly QueuedMessage[] {
    const { time, random } = this.#world;
    const isAway = ({ visibleAtMs }: QueuedMessage): boolean => visibleAtMs > time.nowMs;
    if (this.#options.fifo) {
      const locked = new Set(this.#messages.filter(isAway).map(({ message }) => message.key));
      return this.#messages.filter(({ message }) => !locked.has(message.key));
    }
    return this.#messages
      .filter((each) => !isAway(each) || random.chance(EXTRA_DELIVERY_RATE))
      .map((each) => ({ each, place: random.next() }))
      .sort((a, b) => a.place - b.place)
      .map(({ each }) => each);
  }

  #hide(queued: QueuedMessage, timeoutMs: number): QueuedMessage {
    const { nowMs } = this.#world.time;
    queued.receives++;
    queued.firstReceivedAtMs ??= nowMs;
    queued.visibleAtMs = nowMs + timeoutMs;
    return queued;
  }

  #drop(queued: QueuedMessage): void {
    this.#delete([queued]);
    this.dropped.push(queued.message.body);
  }

  async #deliver(batch: readonly QueuedMessage[]): Promise<void> {
    const receipts = batch.map((queued) => ({ queued, receipt: queued.receives }));
    const ids = batch.map(({ id }) => id);
    let failed: ReadonlySet<string>;
    try {
      failed = failedMessageIds(
        await this.#invoke({ Records: batch.map((each) => this.#toRecord(each)) }),
        ids,
      );
    } catch {
      // Lambda does not look at the error: the batch becomes visible again when its time is over.
      failed = new Set(ids);
    }
    const done = receipts.filter(({ queued }) => !failed.has(queued.id));
    this.#delete(done.filter((each) => this.#isGood(each)).map(({ queued }) => queued));
  }

  #delete(messages: readonly QueuedMessage[]): void {
    this.#messages = this.#messages.filter((each) => !messages.includes(each));
  }

  #toRecord(queued: QueuedMessage): SQSRecord {
    const { id, message, sentAtMs, firstReceivedAtMs, receives } = queued;
    const { fifo, toBody } = this.#options;
    return {
      messageId: id,
      receiptHandle: receiptOf(queued),
      body: toBody?.(message, id, sentAtMs) ?? message.body,
      attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: String(sentAtMs),
        SenderId: "simulated",
        ApproximateFirstReceiveTimestamp: String(firstReceivedAtMs),
        ...(fifo && { MessageGroupId: message.key }),
      },
      messageAttributes: {},
      md5OfBody: "",
      eventSource: "aws:sqs",
      eventSourceARN: `arn:aws:sqs:us-east-1:123456789012:${this.#name}`,
      awsRegion: "us-east-1",
    };
  }
}

function receiptOf({ id, receives }: QueuedMessage): string {
  return `${id}#${receives}`;
}
