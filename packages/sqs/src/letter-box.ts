// SPDX-License-Identifier: MIT
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type Message,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import {
  type AwsClient,
  type DeadLetter,
  DeadLetterFormatError,
  type LetterBox,
  type SettledLetter,
  type TakenLetter,
  type TakenLetters,
  decodeDeadLetter,
  isDeadLetter,
} from "@ledger-loader/core";
import { SqsDeadLetterSink } from "./dead-letter-sink";

/** Which queue, and how much of it is taken at once. */
export interface SqsLetterBoxOptions {
  readonly client: AwsClient;
  readonly queueUrl: string;
  /** Letters taken at once at most; they are held in memory. Default: 10,000. */
  readonly lettersMax?: number | undefined;
  /** How long nobody else gets what was taken; a crash makes it come back after that. Default: 900. */
  readonly visibilityTimeoutSeconds?: number;
  /** How long an empty answer is waited for; two of them mean that the queue is empty. Default: 2. */
  readonly waitSeconds?: number;
}

const LETTERS_MAX = 10_000;
const VISIBILITY_TIMEOUT_SECONDS = 900;
/** The most entries of SQS's batch calls. */
const BATCH_SIZE_MAX = 10;
/** SQS may answer with nothing although there is something; with long polling hardly ever twice. */
const EMPTY_ANSWERS = 2;

/**
 * A queue of dead letters: that of a `SqsDeadLetterSink`, or one that a `RedrivePolicy` names.
 *
 * The latter holds original messages without a reason. They are taken as letters of channel `sqs`, and those that stay
 * are left as they are. A FIFO queue hands out the next messages of a group only when the first are done with, so there
 * may always be more to take.
 */
export class SqsLetterBox implements LetterBox {
  readonly #options: SqsLetterBoxOptions;
  readonly #client: SQSClient;
  /** By message id, which is the place of a letter. */
  #messages = new Map<string, Message>();

  constructor(options: SqsLetterBoxOptions) {
    this.#options = options;
    this.#client = options.client as SQSClient;
  }

  async take(readOnly: boolean): Promise<TakenLetters> {
    const { lettersMax = LETTERS_MAX, queueUrl } = this.#options;
    this.#messages = new Map();
    for (let empty = 0; empty < EMPTY_ANSWERS && this.#messages.size < lettersMax;) {
      const messages = await this.#receive();
      for (const message of messages) this.#messages.set(message.MessageId ?? "", message);
      empty = messages.length === 0 ? empty + 1 : 0;
    }
    const letters = [...this.#messages.values()].map(toTaken);
    const isPart = this.#messages.size >= lettersMax || (queueUrl.endsWith(".fifo") && letters.length > 0);
    if (readOnly) await this.settle([]);
    return { letters, complete: !isPart };
  }

  async settle(letters: readonly SettledLetter[]): Promise<void> {
    const back = new Map(this.#messages);
    const done: Message[] = [];
    const changed: DeadLetter[] = [];
    for (const { taken, keep } of letters) {
      const message = this.#messages.get(taken.place);
      if (message === undefined || (keep !== undefined && !this.#isNews(message, taken, keep))) continue;
      if (keep !== undefined) changed.push(keep);
      back.delete(taken.place);
      done.push(message);
    }
    const { client, queueUrl } = this.#options;
    if (changed.length > 0) await new SqsDeadLetterSink({ client, queueUrl }).park(changed);
    await this.#delete(done);
    await this.#release([...back.values()]);
    this.#messages = new Map();
  }

  async #receive(): Promise<readonly Message[]> {
    const { queueUrl, visibilityTimeoutSeconds, waitSeconds } = this.#options;
    const { Messages = [] } = await this.#client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: BATCH_SIZE_MAX,
        VisibilityTimeout: visibilityTimeoutSeconds ?? VISIBILITY_TIMEOUT_SECONDS,
        WaitTimeSeconds: waitSeconds ?? 2,
        MessageSystemAttributeNames: ["SentTimestamp"],
      }),
    );
    return Messages;
  }

  /** True if the letter says something new; an original message is left as it is. */
  #isNews({ Body = "" }: Message, { letter }: TakenLetter, keep: DeadLetter): boolean {
    if (!isDeadLetter(Body) || letter === undefined || this.#options.queueUrl.endsWith(".fifo")) return false;
    return letter.reason !== keep.reason || letter.detail !== keep.detail;
  }

  async #delete(messages: readonly Message[]): Promise<void> {
    for (const Entries of entriesOf(messages)) {
      // What is not deleted comes again and is found applied.
      await this.#client.send(new DeleteMessageBatchCommand({ QueueUrl: this.#options.queueUrl, Entries }));
    }
  }

  async #release(messages: readonly Message[]): Promise<void> {
    for (const entries of entriesOf(messages)) {
      const Entries = entries.map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
      // What is not released comes back after its time.
      await this.#client.send(
        new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#options.queueUrl, Entries }),
      );
    }
  }
}

function toTaken(message: Message): TakenLetter {
  const { MessageId: place = "", Body: body = "" } = message;
  try {
    return { place, letter: isDeadLetter(body) ? decodeDeadLetter(body) : toLetter(message) };
  } catch (error) {
    if (!(error instanceof DeadLetterFormatError)) throw error;
    return { place, problem: error.message };
  }
}

/** Makes a letter of a message that SQS or Lambda has moved to a dead-letter queue: the original message, without a reason. */
function toLetter({ MessageId = "", Body = "", Attributes }: Message): DeadLetter {
  const sentAtMs = Number(Attributes?.SentTimestamp ?? 0);
  return {
    channel: "sqs",
    origin: MessageId,
    deliveryId: MessageId,
    body: Body,
    reason: "not-recorded",
    detail: "Parked by SQS after it was received as often as the queue allows; the loader's log says why.",
    retryable: true,
    sentAtMs,
    parkedAtMs: sentAtMs,
  };
}

function* entriesOf(
  messages: readonly Message[],
): Generator<{ readonly Id: string; readonly ReceiptHandle: string | undefined }[]> {
  for (let from = 0; from < messages.length; from += BATCH_SIZE_MAX) {
    yield messages
      .slice(from, from + BATCH_SIZE_MAX)
      .map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
  }
}
