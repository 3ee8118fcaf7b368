// SPDX-License-Identifier: MIT
import {
  type AwsClient,
  BatchSender,
  ConfigurationError,
  type LoadReceipt,
  type OutgoingMessage,
  type ReceiptSink,
  ReceiptsUnwrittenError,
  escapeRefusedCharacters,
} from "@ledger-loader/core";
import { createQueueTransport } from "./queue-transport";

/** Where receipts are sent. */
export interface SqsReceiptSinkOptions {
  readonly client: AwsClient;
  /** A standard queue: a FIFO queue would swallow repetitions. */
  readonly queueUrl: string;
  /** Calls for one receipt at most. Default: 4, which with the default pause is about 1 s. */
  readonly attemptsMax?: number;
  /** Pause before the second call for a receipt, in milliseconds; it doubles each time. Default: 100. */
  readonly retryDelayMs?: number;
}

/** `SendMessageBatch` takes no more. */
const BATCH_SIZE_MAX = 10;

/** Keeps receipts in an SQS queue, one message each, as a line of a receipt file. */
export class SqsReceiptSink implements ReceiptSink {
  readonly #sender: BatchSender<OutgoingMessage>;
  readonly #queueUrl: string;

  /** @throws ConfigurationError if the queue is a FIFO queue. */
  constructor({ client, queueUrl, attemptsMax = 4, retryDelayMs = 100 }: SqsReceiptSinkOptions) {
    if (queueUrl.endsWith(".fifo"))
      throw new ConfigurationError([`queueUrl: expected a standard queue for receipts, found ${queueUrl}`]);
    this.#queueUrl = queueUrl;
    this.#sender = new BatchSender(createQueueTransport(client, queueUrl), { attemptsMax, retryDelayMs });
  }

  /** @throws ReceiptsUnwrittenError if the queue did not take every receipt. */
  async write(receipts: readonly LoadReceipt[]): Promise<void> {
    const messages = receipts.map((receipt) => ({ body: escapeRefusedCharacters(JSON.stringify(receipt)) }));
    for (let from = 0; from < messages.length; from += BATCH_SIZE_MAX)
      await this.#send(messages.slice(from, from + BATCH_SIZE_MAX));
  }

  async #send(batch: readonly OutgoingMessage[]): Promise<void> {
    let refusal: string | undefined;
    try {
      await this.#sender.send(batch, {
        accepted: () => undefined,
        refused: (_, { code }) => {
          refusal ??= code;
        },
      });
    } catch (cause) {
      throw new ReceiptsUnwrittenError(`the queue ${this.#queueUrl}`, cause);
    }
    if (refusal !== undefined)
      throw new ReceiptsUnwrittenError(`the queue ${this.#queueUrl}`, { code: refusal });
  }
}
