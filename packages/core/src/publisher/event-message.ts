// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import type { OutgoingMessage } from "./batch-sender";
import { encodeEvent } from "../event/encode-event";
import { orderingKey, type RevisionEvent } from "../event/event";
import type { OutboxMessage } from "./outbox";

/** An event on its way to a queue or topic. */
export interface EventMessage extends OutgoingMessage, OutboxMessage {
  readonly event: RevisionEvent;
}

/** Where an event stands in what is published. */
export interface EventPlace {
  readonly runId: string;
  /** Counts the events of the run, from 0. */
  readonly sequence: number;
}

/**
 * Returns the message for a FIFO queue or topic.
 *
 * Events of one record share a group, or those that name a `group`. The de-duplication id is a hash of run id,
 * sequence and content: AWS swallows the same send made twice, within five minutes, but not an event that the source
 * itself holds twice, nor the same event in another run.
 */
export function toFifoMessage(event: RevisionEvent, place: EventPlace): EventMessage {
  const body = escapeRefusedCharacters(encodeEvent(event));
  const send = JSON.stringify([place.runId, place.sequence, body]);
  const deduplicationId = createHash("sha256").update(send).digest("base64url");
  const groupId = orderingKey(event) ?? deduplicationId;
  return { event, body, bytes: Buffer.byteLength(body), groupId, fifo: { groupId, deduplicationId } };
}

/** Returns the message for a standard queue or topic, which knows neither groups nor de-duplication. */
export function toStandardMessage(event: RevisionEvent, place: EventPlace): EventMessage {
  const body = escapeRefusedCharacters(encodeEvent(event));
  return { event, body, bytes: Buffer.byteLength(body), groupId: String(place.sequence) };
}

// The characters that SQS takes, and so what SNS delivers to it: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
const REFUSED_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/**
 * Escapes the characters that SQS refuses, such as U+FFFE.
 *
 * In JSON and in Ion text they can stand only inside quotes, where `\uXXXX` means the same in both.
 */
export function escapeRefusedCharacters(text: string): string {
  return text.replace(
    REFUSED_CHARACTER,
    (character) => String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}
