// SPDX-License-Identifier: MIT
import {
  compareNumbersByValue,
  decodeEvents,
  InvalidEventError,
  requireOrder,
  type BodyReader,
  type DeliveryContent,
} from "@ledger-loader/core";
import { toJson } from "./detail-json";

/** The `Detail` of an entry, as the publisher of this package writes it. */
export interface EventDetail {
  /** For rules to match. */
  readonly op: string;
  /** For rules to match. */
  readonly table: string;
  /** The event as Ion text: JSON would lose types, and Lambda's own parser would round numbers. */
  readonly event: string;
}

/**
 * The text that `decodeEvents` reads, from the `detail` of an EventBridge event.
 *
 * - With a field `event`: its text, as this package's publisher sends it.
 * - With a field `events`: that list, a source transaction.
 * - Else the detail is itself an event in JSON, as programs for the Java loader send it.
 *
 * @throws InvalidEventError if it is none of these, or holds a number that Lambda's runtime has rounded.
 */
export function toBody(detail: unknown): string {
  if (typeof detail !== "object" || detail === null || Array.isArray(detail)) throw noEvent(detail);
  const { event, events } = detail as { readonly event?: unknown; readonly events?: unknown };
  if (typeof event === "string") return event;
  if (!Array.isArray(events) && !("op" in detail)) throw noEvent(detail);
  const value = Array.isArray(events) ? (events as unknown[]) : detail;
  checkNumbers(value);
  return toJson(value);
}

function noEvent(found: unknown): InvalidEventError {
  return new InvalidEventError(
    "the payload",
    "an event of EventBridge, its detail alone, or a list of them; a detail has the fields of an event, a text field event " +
      "or a list events",
    shapeOf(found),
  );
}

/** The shape of a detail, which its sender recognizes; never its content. */
function shapeOf(found: unknown): string {
  if (found === null) return "null";
  if (found === undefined) return "nothing";
  if (Array.isArray(found)) return "an array where an object belongs";
  if (typeof found !== "object") return `a ${typeof found}`;
  if (Object.keys(found).length === 0) return "an empty object";
  const { eventSource } = found as { readonly eventSource?: unknown };
  const isRecord = typeof eventSource === "string" && RECORD_SOURCE.test(eventSource);
  if (isRecord) {
    return `a record of ${eventSource}, as EventBridge Pipes sends it (let the pipe's input template pass on the event alone, or connect that source to the function itself)`;
  }
  return "an object without op, event and events";
}

/** The names that Pipes and event source mappings give the source of a record. */
const RECORD_SOURCE = /^(aws:(sqs|kinesis|dynamodb|kafka|mq|amqp)|SelfManagedKafka)$/;

/**
 * Decodes the `detail` of an EventBridge event.
 *
 * @param allowUnordered whether events with neither version nor position are taken; else they are rejected.
 * @param read - reads the whole detail in place of `decodeEvents`
 */
export function decodeDetail(detail: unknown, allowUnordered: boolean, read?: BodyReader): DeliveryContent {
  const decoded = read === undefined ? decodeEvents(toBody(detail)) : read(toMappedBody(detail));
  const content = read === undefined && isText(detail) ? decoded : compareNumbersByValue(decoded);
  return allowUnordered ? content : requireOrder(content, "EventBridge");
}

/** A detail of any form, for a mapping. Its numbers were parsed by Lambda all the same. */
function toMappedBody(detail: unknown): string {
  if (typeof detail !== "object" || detail === null) {
    throw new InvalidEventError("the detail", "an object", shapeOf(detail));
  }
  checkNumbers(detail);
  return toJson(detail);
}

/** An event as text is exact; everything else was parsed by Lambda. */
function isText(detail: unknown): boolean {
  return typeof (detail as Partial<EventDetail>).event === "string";
}

/** The field of a letter's body around a detail with numbers that were rounded: a redrive must not load them. */
const ROUNDED = "rounded";

/** The body of a detail for dead letters: what `decodeEvents` reads again, or where there is nothing to be read, the detail. */
export function toLetterBody(detail: unknown): string {
  try {
    return toBody(detail);
  } catch {
    // Told by `decode`, where it rejects the delivery.
    if (detail === undefined) return "";
    return toJson(hasRoundedNumber(detail) ? { [ROUNDED]: detail } : detail);
  }
}

/**
 * Decodes the body of the channel's dead letter: the text of an event, or JSON, which is what a parsed detail was kept as.
 *
 * @param read - reads the body in place of `decodeEvents`
 * @throws InvalidEventError if it is neither Ion nor JSON, holds nothing, or numbers that Lambda's runtime has rounded.
 */
export function decodeEventBridgeLetter(body: string | Uint8Array, read?: BodyReader): DeliveryContent {
  const text = Buffer.from(body).toString();
  if (text.startsWith(`{"${ROUNDED}":`)) {
    throw new InvalidEventError(
      "the letter's numbers",
      "those that were sent",
      `numbers that JSON in Lambda has rounded (correct them in the letter, and take the event out of the field ${ROUNDED})`,
    );
  }
  const content = (read ?? decodeEvents)(body);
  return isJson(text) ? compareNumbersByValue(content) : content;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const DIGITS_SAFE = 15;

function checkNumbers(root: unknown): void {
  if (!hasRoundedNumber(root)) return;
  throw new InvalidEventError(
    "detail",
    "free of numbers that JSON in Lambda rounds",
    "one with more than 15 digits or out of the range of a double (send the event as Ion text in a field named event)",
  );
}

function hasRoundedNumber(root: unknown): boolean {
  // Not recursive: a detail may be nested deeper than the stack is.
  const open = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === "number" && !isExact(value)) return true;
    if (typeof value === "object" && value !== null) {
      for (const each of Object.values(value) as unknown[]) open.push(each);
    }
  }
  return false;
}

/** Below, doubles have fewer digits than {@link DIGITS_SAFE}. */
const NORMAL_MIN = 2 ** -1022;

/** A double that prints with at most 15 digits is what was written; with more, somebody may have written others. */
function isExact(value: number): boolean {
  if (Number.isInteger(value)) return Number.isSafeInteger(value);
  // What is too large is infinite here.
  if (!Number.isFinite(value) || Math.abs(value) < NORMAL_MIN) return false;
  return value.toExponential().replace(/e.*$/, "").replace(/\D/g, "").length <= DIGITS_SAFE;
}
