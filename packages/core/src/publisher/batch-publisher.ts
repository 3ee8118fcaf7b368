// SPDX-License-Identifier: MIT
import { BatchSender, type BatchTransport, type SendRefusal, type SendListener } from "./batch-sender";
import type { RevisionEvent } from "../event/event";
import { toFifoMessage, toStandardMessage, type EventMessage } from "./event-message";
import { Outbox } from "./outbox";
import { runOutbox } from "./run-outbox";
import { Publication } from "./publication";
import type { Publisher, PublishReport } from "./publisher";

/** How events are published; channels pass these on as their own options. */
export interface BatchPublishOptions {
  /**
   * Names the run. A FIFO queue or topic swallows an event that is sent again under the same run id within five minutes,
   * as after a crash; a replay that is meant to happen again needs another run id.
   */
  readonly runId: string;
  /** Batches under way at once. Default: 4. */
  readonly concurrency?: number;
  /** Events held in memory at most: the more, the more records can fill a batch. Default: 1,000. */
  readonly heldMax?: number;
  /** Calls for one event at most. Default: 8, which with the default pause is about 10 s. */
  readonly attemptsMax?: number;
  /** Pause before the second call for an event, in milliseconds; it doubles each time. Default: 100. */
  readonly retryDelayMs?: number;
}

/** The channel's side of a publisher. */
export interface BatchChannel {
  readonly transport: BatchTransport;
  /** True if it keeps groups in order and swallows repetitions. */
  readonly fifo: boolean;
  /** Bytes per batch at most, and so per message. */
  readonly batchBytesMax: number;
}

/** `SendMessageBatch` and `PublishBatch` take no more. */
const BATCH_SIZE_MAX = 10;
/** A bound on memory for large documents; 8 full batches. */
const QUEUED_BYTES_MAX = 8 * 1_048_576;

/**
 * Makes the publisher of a channel whose batch calls take some entries and refuse others, as those of SQS and SNS do.
 *
 * On a FIFO channel the order within a group holds whatever fails: the next event of a group is sent only after the
 * one before it was accepted. What is refused for a while is sent again; an event that is refused for good (too
 * large, say) holds back the later events of its group, all others are sent, and then `publish` throws
 * `EventsRefusedError`.
 */
export function createBatchPublisher(channel: BatchChannel, options: BatchPublishOptions): Publisher {
  let sequence = 0;
  const toMessage = channel.fifo ? toFifoMessage : toStandardMessage;
  // The sequence runs on over several calls: what a source repeats in its second half must not be swallowed.
  const nextMessage = (event: RevisionEvent): EventMessage =>
    toMessage(event, { runId: options.runId, sequence: sequence++ });
  return {
    publish: (events, onProgress) =>
      new PublishRun(channel, options, new Publication(onProgress)).publish(events, nextMessage),
  };
}

/** One call of `publish`: a reader fills the outbox, senders empty it. */
class PublishRun implements SendListener<EventMessage> {
  readonly #outbox: Outbox<EventMessage>;
  readonly #sender: BatchSender<EventMessage>;
  readonly #concurrency: number;
  readonly #batchBytesMax: number;
  readonly #publication: Publication;

  constructor(
    { transport, batchBytesMax }: BatchChannel,
    options: BatchPublishOptions,
    publication: Publication,
  ) {
    const { concurrency = 4, heldMax = 1_000, attemptsMax = 8, retryDelayMs = 100 } = options;
    this.#outbox = new Outbox({
      batchSizeMax: BATCH_SIZE_MAX,
      batchBytesMax,
      queuedMax: heldMax,
      queuedBytesMax: QUEUED_BYTES_MAX,
    });
    this.#sender = new BatchSender(transport, { attemptsMax, retryDelayMs });
    this.#concurrency = concurrency;
    this.#batchBytesMax = batchBytesMax;
    this.#publication = publication;
  }

  async publish(
    events: AsyncIterable<RevisionEvent>,
    toMessage: (event: RevisionEvent) => EventMessage,
  ): Promise<PublishReport> {
    await runOutbox(this.#outbox, {
      concurrency: this.#concurrency,
      fill: async () => {
        for await (const event of events) await this.#put(toMessage(event));
      },
      send: (batch) => this.#send(batch),
    });
    return this.#publication.end(this.#sender.retries);
  }

  accepted(message: EventMessage): void {
    this.#publication.accept(1);
    this.#outbox.settle(message);
  }

  refused(message: EventMessage, refusal: SendRefusal): void {
    this.#publication.refuse(message.event, refusal);
    this.#publication.holdBack(...this.#outbox.dropGroup(message).map(({ event }) => event));
  }

  async #send(batch: readonly EventMessage[]): Promise<void> {
    await this.#sender.send(batch, this);
    this.#publication.tellProgress();
  }

  async #put(message: EventMessage): Promise<void> {
    if (message.bytes <= this.#batchBytesMax) {
      if (!(await this.#outbox.put(message))) this.#publication.holdBack(message.event);
      return;
    }
    // Not sent: because of one message that is too long the whole batch is refused. What waits before it still goes.
    const reason = `Expected at most ${this.#batchBytesMax} bytes, found ${message.bytes}.`;
    this.#publication.refuse(message.event, { code: "BatchRequestTooLong", reason });
    this.#outbox.closeGroup(message.groupId);
  }
}
