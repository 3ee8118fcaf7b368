// SPDX-License-Identifier: MIT
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { failedMessageIds } from "../sqs-batch-verdict";
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
      const batch = this.#receive(1 + random.below(BATCH_MAX));
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

  #receive(max: number): readonly QueuedMessage[] {
    const { maxReceiveCount = Infinity } = this.#options;
    const received: QueuedMessage[] = [];
    for (const candidate of this.#candidates()) {
      if (received.length === max) break;
      if (candidate.receives >= maxReceiveCount) this.#drop(candidate);
      else received.push(this.#hide(candidate));
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

  #hide(queued: QueuedMessage): QueuedMessage {
    const { nowMs } = this.#world.time;
    queued.receives++;
    queued.firstReceivedAtMs ??= nowMs;
    queued.visibleAtMs = nowMs + this.#options.visibilityTimeoutMs;
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
    // A receipt is good until the message is received again; on a FIFO queue only while the message is away.
    const isGood = ({ queued, receipt }: (typeof receipts)[number]): boolean =>
      receipt === queued.receives && !(this.#options.fifo && queued.visibleAtMs <= this.#world.time.nowMs);
    this.#delete(done.filter(isGood).map(({ queued }) => queued));
  }

  #delete(messages: readonly QueuedMessage[]): void {
    this.#messages = this.#messages.filter((each) => !messages.includes(each));
  }

  #toRecord({ id, message, sentAtMs, firstReceivedAtMs, receives }: QueuedMessage): SQSRecord {
    const { fifo, toBody } = this.#options;
    return {
      messageId: id,
      receiptHandle: `${id}#${receives}`,
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
      eventSourceARN: `arn:aws:sqs:us-east-1:123456789012:simulated${fifo ? ".fifo" : ""}`,
      awsRegion: "us-east-1",
    };
  }
}
