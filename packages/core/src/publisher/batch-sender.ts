// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import { backoffMs, pause } from "../aws/backoff";
import type { RetryOptions } from "../aws/retry-options";
import { isThrottling, isTransient } from "../aws/transient";

/** A message as it goes to a queue or topic. */
export interface OutgoingMessage {
  readonly body: string;
  /** Absent on standard queues and topics. */
  readonly fifo?: { readonly groupId: string; readonly deduplicationId: string };
}

/** The channel will not take a message, however often it is sent. */
export interface SendRefusal {
  /** The service's code, such as `InvalidMessageContents`. */
  readonly code: string;
  /** The service's sentence about it. */
  readonly reason: string;
}

/** Learns what became of each message, as soon as it is known; each message is settled once. */
export interface SendListener<M> {
  accepted(message: M): void;
  refused(message: M, refusal: SendRefusal): void;
}

/** The answer of AWS's batch calls, those of SQS and SNS alike: HTTP 200 and each entry's own result. */
export interface BatchAnswer {
  readonly Successful?: readonly { readonly Id?: string | undefined }[] | undefined;
  readonly Failed?: readonly FailedEntry[] | undefined;
}

/** An entry that was not taken. */
export interface FailedEntry {
  readonly Id: string | undefined;
  readonly Code: string | undefined;
  readonly Message?: string | undefined;
  readonly SenderFault: boolean | undefined;
}

/** The call that sends a batch. */
export interface BatchTransport {
  /** Where it sends to, for messages: `queue https://…`. */
  readonly destination: string;
  /** Sends once; entries get their place in the batch as `Id`. */
  send(batch: readonly OutgoingMessage[]): Promise<BatchAnswer>;
}

/** A channel did not take messages within the configured number of calls, for reasons that may pass. */
export class ChannelUnavailableError extends LedgerLoaderError {
  readonly code = "CHANNEL_UNAVAILABLE";
}

const RETRY_DELAY_MAX_MS = 20_000;

/** Sends batches of messages, and again those that failed for a reason that may pass. */
export class BatchSender<M extends OutgoingMessage> {
  readonly #transport: BatchTransport;
  readonly #retry: RetryOptions;
  #retries = 0;

  constructor(transport: BatchTransport, retry: RetryOptions) {
    this.#transport = transport;
    this.#retry = retry;
  }

  /** Calls that repeated another one, in whole or in part. */
  get retries(): number {
    return this.#retries;
  }

  /**
   * Sends up to 10 messages until each is accepted or refused.
   *
   * @throws {@link ChannelUnavailableError} when some were neither after the last attempt; the SDK's own error when a
   *   call failed for a reason that does not pass, such as a queue that does not exist.
   */
  async send(batch: readonly M[], listener: SendListener<M>): Promise<void> {
    let pending = batch;
    for (let attempt = 1; ; attempt += 1) {
      const failure = await this.#attempt(pending, listener);
      if (failure === undefined) return;
      if (attempt === this.#retry.attemptsMax) throw this.#unavailable(failure);
      pending = failure.messages;
      this.#retries += 1;
      await pause(backoffMs(attempt, { delayMs: this.#retry.retryDelayMs, delayMaxMs: RETRY_DELAY_MAX_MS }));
    }
  }

  /** Sends once; returns the messages to be sent again, if there are any. */
  async #attempt(batch: readonly M[], listener: SendListener<M>): Promise<PassingFailure<M> | undefined> {
    const result: BatchAnswer | { readonly cause: unknown } = await this.#transport
      .send(batch)
      .catch((cause: unknown) => {
        if (!isTransient(cause)) throw cause;
        return { cause };
      });
    if ("cause" in result) return { messages: batch, cause: result.cause };
    const accepted = new Set(result.Successful?.map(({ Id }) => Id));
    const refusals = new Map(result.Failed?.filter(isFinal).map((entry) => [entry.Id, entry]));
    const again: M[] = [];
    for (const [index, message] of batch.entries()) {
      const refusal = refusals.get(String(index));
      if (accepted.has(String(index))) listener.accepted(message);
      else if (refusal === undefined) again.push(message);
      else listener.refused(message, { code: refusal.Code ?? "Unknown", reason: refusal.Message ?? "" });
    }
    const cause = result.Failed?.find((entry) => !isFinal(entry))?.Code ?? "no answer";
    return again.length === 0 ? undefined : { messages: again, cause };
  }

  #unavailable({ messages, cause }: PassingFailure<M>): ChannelUnavailableError {
    const { attemptsMax } = this.#retry;
    return new ChannelUnavailableError(
      `Expected the ${this.#transport.destination} to take every message, but ${messages.length} of a batch failed ` +
        `${attemptsMax} times (${cause instanceof Error ? cause.name : String(cause)}): ` +
        "publish again under the same run id, the channel and the loader skip what has arrived.",
      { retryable: true, cause },
    );
  }
}

interface PassingFailure<M> {
  readonly messages: readonly M[];
  readonly cause: unknown;
}

/** The service blames the sender for an entry that it will refuse each time; too many requests are the sender's fault, but pass. */
function isFinal({ SenderFault, Code }: FailedEntry): boolean {
  return SenderFault === true && !isThrottling(Code ?? "");
}
