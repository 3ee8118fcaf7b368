// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { ProtocolMismatch } from "./broker-protocol";

/** The cluster was not reached, or does not answer, for reasons that may pass. */
export class KafkaUnavailableError extends LedgerLoaderError {
  readonly code = "KAFKA_UNAVAILABLE";

  constructor(what: string, cause: unknown) {
    super(`Expected to ${what}, but the cluster gave no answer (${nameOf(cause)}). Try again once it does.`, {
      retryable: true,
      cause,
    });
  }
}

/** The cluster refused what was asked: no such topic, not these credentials, not this group. */
export class KafkaRefusedError extends LedgerLoaderError {
  readonly code = "KAFKA_REFUSED";

  constructor(what: string, cause: unknown) {
    super(
      `Expected to ${what}, but the cluster refused it (${nameOf(cause)}). Check the topic, the credentials and what they ` +
        "may do.",
      { cause },
    );
  }
}

/** A broker speaks TLS where plain text was expected, or the reverse. */
export class KafkaTlsError extends LedgerLoaderError {
  readonly code = "KAFKA_TLS";
  /** The broker as `host:port`. */
  readonly broker: string;

  constructor(what: string, { broker, speaks }: ProtocolMismatch, cause: unknown) {
    super(
      speaks === "plain"
        ? `Expected to ${what} by TLS, which is the default, but the broker ${broker} speaks plain text. For a network that ` +
            "you trust, set KAFKA_TLS=false (in code: tls: false). Otherwise name a port of the broker with TLS."
        : `Expected to ${what} in plain text, but the broker ${broker} speaks TLS. Remove KAFKA_TLS=false (in code: ` +
            "tls: false), or name a port of the broker without TLS.",
      { cause },
    );
    this.broker = broker;
  }
}

/** Loading a batch of a partition did not end; this process must, so that another one takes the partition over. */
export class KafkaConsumerStalledError extends LedgerLoaderError {
  readonly code = "KAFKA_CONSUMER_STALLED";
  readonly topic: string;
  readonly partition: number;

  constructor(topic: string, partition: number, waitedMs: number) {
    super(
      `Expected a batch of ${topic}-${partition} to be loaded within ${waitedMs} ms, but loading neither ended nor could ` +
        "be stopped. End the process and start it anew: nothing was committed for the batch.",
      { retryable: true },
    );
    this.topic = topic;
    this.partition = partition;
  }
}

/** The type of a protocol error, in Kafka's own words. */
export function typeOf(error: unknown): string | undefined {
  if (typeof error === "string") return error;
  return error instanceof Error && "type" in error && typeof error.type === "string" ? error.type : undefined;
}

/** An error and what led to it, the outermost first: KafkaJS wraps what it gave up on. */
export function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = [];
  for (let each = error; each instanceof Error && !causes.includes(each); each = each.cause)
    causes.push(each);
  return causes;
}

function nameOf(error: unknown): string {
  const type =
    typeOf(error) ??
    causesOf(error)
      .map(typeOf)
      .find((each) => each !== undefined);
  const name = error instanceof Error ? error.name : undefined;
  return [name, type].filter((each) => each !== undefined).join(": ") || typeof error;
}
