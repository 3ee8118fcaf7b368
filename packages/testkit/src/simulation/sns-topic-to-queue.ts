// SPDX-License-Identifier: MIT
import type { SourceMessage } from "./channel-source";
import type { SimulatedChannel, World } from "./simulated-channel";
import type { SqsQueue } from "./sqs-queue";

/** How a topic hands messages to a queue. */
export interface SnsTopicToQueueOptions {
  /** True if topic and queue are FIFO: messages come in order then, and none twice. */
  readonly fifo: boolean;
}

const TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:simulated";
const DELAY_MAX_MS = 3_000;
const DUPLICATE_RATE = 0.1;

/**
 * An SNS topic with a queue subscribed to it. A standard topic delivers in any order and some messages twice, each time as
 * a message of its own; a FIFO topic delivers in order.
 */
export class SnsTopicToQueue implements SimulatedChannel {
  readonly keepsOrder: boolean;
  readonly dropped: string[];
  readonly #world: World;
  readonly #queue: SqsQueue;
  readonly #options: SnsTopicToQueueOptions;
  #underWay = 0;
  /** When the last message of a FIFO topic arrives. */
  #lastAtMs = 0;

  constructor(world: World, queue: SqsQueue, options: SnsTopicToQueueOptions) {
    this.#world = world;
    this.#queue = queue;
    this.#options = options;
    this.keepsOrder = queue.keepsOrder;
    this.dropped = queue.dropped;
  }

  publish(message: SourceMessage): void {
    const { random } = this.#world;
    void this.#deliver(message);
    if (!this.#options.fifo && random.chance(DUPLICATE_RATE)) void this.#deliver(message);
  }

  async run(isPublishing: () => boolean): Promise<void> {
    await this.#queue.run(() => isPublishing() || this.#underWay > 0);
  }

  async #deliver(message: SourceMessage): Promise<void> {
    const { time, random } = this.#world;
    const arrivesAtMs = time.nowMs + random.below(DELAY_MAX_MS);
    // On a FIFO topic nothing overtakes: who sleeps until the same time wakes in the order of falling asleep.
    if (this.#options.fifo) this.#lastAtMs = Math.max(this.#lastAtMs, arrivesAtMs);
    this.#underWay++;
    await time.sleep((this.#options.fifo ? this.#lastAtMs : arrivesAtMs) - time.nowMs);
    this.#queue.publish(message);
    this.#underWay--;
  }
}

/** A message as a topic without `RawMessageDelivery` wraps it: the form of SNS's documentation. */
export function toSnsNotification(body: string, id: string, sentAtMs: number): SnsNotification {
  return {
    Type: "Notification",
    MessageId: id,
    TopicArn: TOPIC_ARN,
    Message: body,
    Timestamp: new Date(sentAtMs).toISOString(),
    SignatureVersion: "1",
    Signature: "EXAMPLE",
    SigningCertURL: "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-example.pem",
    UnsubscribeURL: "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe",
  };
}

/** The envelope that SNS writes around a message. */
export interface SnsNotification {
  readonly Type: "Notification";
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Message: string;
  readonly Timestamp: string;
  readonly SignatureVersion: string;
  readonly Signature: string;
  readonly SigningCertURL: string;
  readonly UnsubscribeURL: string;
}
