// SPDX-License-Identifier: MIT
import { performance } from "node:perf_hooks";
import type { QueueAttributeName, SQSClient } from "@aws-sdk/client-sqs";
import type { Logger } from "@ledger-loader/core";

/** How long `consume` keeps a message from others after the last sign of life: the default of the SQS consumer. */
const HELD_SECONDS = 60;
const LOOK_EVERY_MS = 1_000;
const ATTRIBUTES: QueueAttributeName[] = ["ApproximateNumberOfMessagesNotVisible", "VisibilityTimeout"];

/** Where to look. */
export interface ForeignMessagesOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly logger: Logger;
}

/**
 * Tells whether messages may come back that a worker has received which was killed: they are invisible until their time is over, and
 * the queue looks empty meanwhile.
 *
 * A queue without invisible messages at the first look is not looked at again: later ones are this worker's own.
 */
export class ForeignMessages {
  readonly #options: ForeignMessagesOptions;
  /** Nothing is known before the first look. */
  #returnedAtMs = Infinity;
  #nextLookMs = Infinity;
  #signal = new AbortController().signal;

  constructor(options: ForeignMessagesOptions) {
    this.#options = options;
  }

  /** Looks for invisible messages, before the first message is received. The signal ends this look and those that follow. */
  async look(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    const { messages, heldSeconds } = await this.#find();
    const now = performance.now();
    this.#returnedAtMs = now + heldSeconds * 1_000;
    this.#nextLookMs = now + LOOK_EVERY_MS;
    if (messages === 0) return;
    this.#options.logger.info(
      { messages },
      "another worker holds messages: waiting until they are loaded or come back",
    );
  }

  /** True until no message is invisible, or all that were have come back. */
  mayReturn(): boolean {
    const now = performance.now();
    if (now >= this.#returnedAtMs) return false;
    if (now >= this.#nextLookMs) {
      this.#nextLookMs = now + LOOK_EVERY_MS;
      void this.#lookAgain();
    }
    return true;
  }

  async #lookAgain(): Promise<void> {
    if ((await this.#find()).messages === 0) this.#returnedAtMs = 0;
  }

  /** Where the queue does not tell, nothing is waited for. */
  async #find(): Promise<{ readonly messages: number; readonly heldSeconds: number }> {
    const { client, queueUrl: QueueUrl, logger } = this.#options;
    const none = { messages: 0, heldSeconds: 0 };
    try {
      const sdk = await import("@aws-sdk/client-sqs");
      const command = new sdk.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ATTRIBUTES });
      const { Attributes = {} } = await client.send(command, { abortSignal: this.#signal });
      const messages = Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0);
      if (messages === 0) return none;
      return { messages, heldSeconds: Math.max(HELD_SECONDS, Number(Attributes.VisibilityTimeout ?? 0)) };
    } catch (error) {
      if (this.#signal.aborted) return none;
      const name = error instanceof Error ? error.name : typeof error;
      logger.warn(
        { error: name },
        "cannot see whether another worker holds messages (sqs:GetQueueAttributes)",
      );
      return none;
    }
  }
}
