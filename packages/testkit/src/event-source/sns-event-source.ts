// SPDX-License-Identifier: MIT
import { DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { SNSEvent, SNSEventRecord } from "aws-lambda";
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom, type Random } from "../ledger/random";
import type { SqsEmulator, TestQueue } from "../peers/sqs-emulator";
import type { TestTopic } from "./sns-topic";

/** A Lambda function that an SNS topic invokes. */
export type SnsFunction = (event: SNSEvent) => Promise<void>;

/** How the function is invoked; the defaults are Lambda's for asynchronous invocation, but for the pauses. */
export interface SnsEventSourceOptions {
  readonly emulator: SqsEmulator;
  /** A standard topic: a FIFO topic delivers to queues only. */
  readonly topic: TestTopic;
  readonly handler: SnsFunction;
  /** Attempts after the first one that failed. Default: 2, as in Lambda, where it is the most. */
  readonly retries?: number;
  /** Pause before a further attempt; Lambda waits one minute and then two. Default: 0. */
  readonly retryDelayMs?: number;
  /** How often an event is handed to the function again although it did not fail, from 0 to 1. Default: 0. */
  readonly duplicateRate?: number;
  /** Functions that run at once. Default: 4. */
  readonly concurrency?: number;
  /** True if waiting events are taken in any order, and not in that in which they came. Default: `false`. */
  readonly shuffled?: boolean;
  /** The seed of duplicates and order. Default: 1. */
  readonly seed?: number;
}

/** The counts of an event source so far. */
export interface SnsEventSourceCounts {
  /** Invocations of the function. */
  readonly invocations: number;
  /** Invocations that ended with an exception. */
  readonly failed: number;
}

interface AsyncInvocation {
  readonly event: SNSEvent;
  readonly attempt: number;
  readonly dueAtMs: number;
}

const CONCURRENCY = 4;
const IDLE_MS = 5;

/**
 * Invokes a function with the messages of a topic, as SNS and Lambda's asynchronous invocation do together.
 *
 * SNS hands each message to Lambda in an event of its own; Lambda queues it and answers at once, so SNS has no part in what
 * follows. Events may be taken from that queue in any order, may be handed over twice without an error, and are tried
 * again when the function throws; what it returns is ignored. After the last attempt an event goes to the function's
 * dead-letter queue, {@link SnsEventSource.takeDeadLetters}. The emulator does not invoke functions, so a queue of its own
 * is subscribed to the topic and emptied into Lambda's.
 */
export class SnsEventSource {
  readonly #options: SnsEventSourceOptions;
  readonly #queue: TestQueue;
  readonly #random: Random;
  readonly #counts = { invocations: 0, failed: 0 };
  #waiting: AsyncInvocation[] = [];
  #deadLetters: SNSEventRecord[] = [];

  private constructor(options: SnsEventSourceOptions, queue: TestQueue) {
    this.#options = options;
    this.#queue = queue;
    this.#random = seededRandom(options.seed ?? 1);
  }

  /** Subscribes to the topic; what is published from now on will be delivered. */
  static async open(options: SnsEventSourceOptions): Promise<SnsEventSource> {
    const name = `${options.topic.arn.slice(options.topic.arn.lastIndexOf(":") + 1)}-to-lambda`;
    const queue = await options.emulator.createQueue({ name, fifo: false });
    await options.topic.subscribe(queue, { raw: false });
    return new SnsEventSource(options, queue);
  }

  /** The counts since the event source was opened. */
  get counts(): SnsEventSourceCounts {
    return { ...this.#counts };
  }

  /** Delivers until nothing is left to try. */
  async drain(): Promise<void> {
    await this.#takeFromTopic();
    await Promise.all(
      Array.from({ length: this.#options.concurrency ?? CONCURRENCY }, () => this.#invokeAll()),
    );
  }

  /** Takes the events that were given up, in that order. */
  takeDeadLetters(): readonly SNSEventRecord[] {
    return this.#deadLetters.splice(0);
  }

  /** SNS's part ends here: Lambda has accepted the event. */
  async #takeFromTopic(): Promise<void> {
    const { client } = this.#options.emulator;
    for (;;) {
      const { Messages: messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl: this.#queue.url, MaxNumberOfMessages: 10 }),
      );
      if (messages.length === 0) return;
      for (const { Body = "", ReceiptHandle } of messages) {
        this.#enqueue(JSON.parse(Body) as SNSEventRecord["Sns"]);
        await client.send(new DeleteMessageCommand({ QueueUrl: this.#queue.url, ReceiptHandle }));
      }
    }
  }

  #enqueue(notification: SNSEventRecord["Sns"]): void {
    const event = { Records: [toSnsRecord(notification)] };
    const copies = this.#random.chance(this.#options.duplicateRate ?? 0) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) this.#waiting.push({ event, attempt: 1, dueAtMs: 0 });
  }

  async #invokeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const place = this.#options.shuffled === true ? this.#random.below(this.#waiting.length) : 0;
      const [next] = this.#waiting.splice(place, 1);
      if (next === undefined) return;
      if (next.dueAtMs > Date.now()) {
        this.#waiting.push(next);
        await sleep(IDLE_MS);
      } else {
        await this.#invoke(next);
      }
    }
  }

  async #invoke({ event, attempt }: AsyncInvocation): Promise<void> {
    const { handler, retries = 2, retryDelayMs = 0 } = this.#options;
    this.#counts.invocations += 1;
    try {
      await handler(event);
    } catch {
      // Lambda does not look at the error either: it tries again or gives up.
      this.#counts.failed += 1;
      if (attempt > retries) this.#deadLetters.push(...event.Records);
      else this.#waiting.push({ event, attempt: attempt + 1, dueAtMs: Date.now() + retryDelayMs });
    }
  }
}

/** Returns a notification as SNS hands it to a function: what a queue gets as `SigningCertURL` is spelled otherwise here. */
function toSnsRecord(notification: SNSEventRecord["Sns"]): SNSEventRecord {
  const { SigningCertURL, UnsubscribeURL, ...rest } = notification as SNSEventRecord["Sns"] & {
    readonly SigningCertURL: string;
    readonly UnsubscribeURL: string;
  };
  return {
    EventVersion: "1.0",
    EventSource: "aws:sns",
    EventSubscriptionArn: `${rest.TopicArn}:00000000-0000-0000-0000-000000000000`,
    Sns: { ...rest, SigningCertUrl: SigningCertURL, UnsubscribeUrl: UnsubscribeURL },
  };
}
