// SPDX-License-Identifier: MIT
import {
  type AwsClient,
  BatchSender,
  ChannelUnavailableError,
  ConfigurationError,
  type DeadLetter,
  type DeadLetterSink,
  type OutgoingMessage,
  ParkingFailedError,
  encodeDeadLetter,
  escapeRefusedCharacters,
} from "@ledger-loader/core";
import { createQueueTransport } from "./queue-transport";

/** Where dead letters are sent. */
export interface SqsDeadLetterSinkOptions {
  readonly client: AwsClient;
  /** A standard queue: a redrive puts letters in order itself, and a FIFO queue would swallow repetitions. */
  readonly queueUrl: string;
  /** Bytes per message at most; longer letters are compressed. Default: 1,048,576, SQS's own limit. */
  readonly messageBytesMax?: number;
  /** Calls for one letter at most. Default: 4, which with the default pause is about 1 s. */
  readonly attemptsMax?: number;
  /** Pause before the second call for a letter, in milliseconds; it doubles each time. Default: 100. */
  readonly retryDelayMs?: number;
}

/** `SendMessageBatch` takes no more. */
const BATCH_SIZE_MAX = 10;
const MESSAGE_BYTES_MAX = 1_048_576;

/** A letter on its way to the queue. */
interface LetterMessage extends OutgoingMessage {
  readonly letter: DeadLetter;
  readonly bytes: number;
}

/**
 * Keeps dead letters in an SQS queue, one message each, until `ledger-loader redrive sqs:URL` takes them.
 *
 * Not the queue that a `RedrivePolicy` names: Lambda's and SQS's own dead letters are the original messages, without
 * reason. A redrive reads both.
 */
export class SqsDeadLetterSink implements DeadLetterSink {
  readonly #sender: BatchSender<LetterMessage>;
  readonly #bytesMax: number;

  /** @throws ConfigurationError if the queue is a FIFO queue. */
  constructor(options: SqsDeadLetterSinkOptions) {
    const {
      client,
      queueUrl,
      messageBytesMax = MESSAGE_BYTES_MAX,
      attemptsMax = 4,
      retryDelayMs = 100,
    } = options;
    if (queueUrl.endsWith(".fifo")) {
      throw new ConfigurationError([
        `queueUrl: expected a standard queue for dead letters, found ${queueUrl}`,
      ]);
    }
    this.#sender = new BatchSender(createQueueTransport(client, queueUrl), { attemptsMax, retryDelayMs });
    this.#bytesMax = messageBytesMax;
  }

  async park(letters: readonly DeadLetter[]): Promise<void> {
    const messages = letters.map((letter) => toMessage(letter, this.#bytesMax));
    const failed = messages.filter(({ bytes }) => bytes > this.#bytesMax);
    const reasons = new Set<string>(failed.length > 0 ? ["too large even compressed"] : []);
    let cause: unknown;
    for (const batch of batchesOf(
      messages.filter(({ bytes }) => bytes <= this.#bytesMax),
      this.#bytesMax,
    )) {
      const outcome = await this.#send(batch);
      failed.push(...outcome.failed);
      for (const reason of outcome.reasons) reasons.add(reason);
      cause ??= outcome.cause;
    }
    if (failed.length === 0) return;
    throw new ParkingFailedError(
      failed.map(({ letter }) => letter),
      [...reasons].join(", "),
      cause,
    );
  }

  /** Sends a batch; what the queue refuses as a whole is sent one by one, so that one letter fails no other. */
  async #send(batch: readonly LetterMessage[]): Promise<SendOutcome> {
    const open = new Set(batch);
    const reasons: string[] = [];
    try {
      await this.#sender.send(batch, {
        accepted: (message) => open.delete(message),
        refused: (_, { code }) => reasons.push(code),
      });
      return { failed: [...open], reasons };
    } catch (error) {
      const found = error instanceof Error ? error.name : typeof error;
      if (error instanceof ChannelUnavailableError || batch.length === 1) {
        return { failed: [...open], reasons: [...reasons, found], cause: error };
      }
    }
    const outcomes: SendOutcome[] = [];
    for (const message of open) outcomes.push(await this.#send([message]));
    return {
      failed: outcomes.flatMap(({ failed }) => failed),
      reasons: outcomes.flatMap((outcome) => outcome.reasons),
      cause: outcomes.find(({ cause }) => cause !== undefined)?.cause,
    };
  }
}

/** The letters that the queue refused, and why. */
interface SendOutcome {
  readonly failed: readonly LetterMessage[];
  readonly reasons: readonly string[];
  readonly cause?: unknown;
}

function toMessage(letter: DeadLetter, bytesMax: number): LetterMessage {
  const body = escapeRefusedCharacters(encodeDeadLetter(letter, bytesMax));
  return { letter, body, bytes: Buffer.byteLength(body) };
}

function* batchesOf(
  messages: readonly LetterMessage[],
  bytesMax: number,
): Generator<readonly LetterMessage[]> {
  let batch: LetterMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    if (batch.length === BATCH_SIZE_MAX || (batch.length > 0 && bytes + message.bytes > bytesMax)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += message.bytes;
  }
  if (batch.length > 0) yield batch;
}
