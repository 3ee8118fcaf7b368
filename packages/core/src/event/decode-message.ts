// SPDX-License-Identifier: MIT
import { dom, IonTypes } from "ion-js";
import { bodyIncludes } from "./body-text";
import { decodeEvents, decodeValues, parseEvent } from "./decode-events";
import type { BodyReader, DeliveryContent } from "./delivery";
import { InvalidEventError } from "./invalid-event-error";
import { notifiedMessage } from "./sns-notification";
import { toIonText } from "@ledger-loader/ion";

/** The text fields by which EventBridge's envelope is known; an event has none of them. */
const ENVELOPE_TEXTS = ["id", "source", "detail-type", "account", "time", "region"] as const;
const MARK = `"detail-type"`;

/** A message that went from topic to topic has as many envelopes; whoever nests more means something else. */
const ENVELOPES_MAX = 5;

/**
 * Decodes a message of a queue, topic or stream: events, or the envelopes in which SNS and a rule of EventBridge have wrapped
 * them, one in the other where a message went through several.
 *
 * Unwrapped is only what is unmistakable: a notification of SNS, or a JSON object with all of EventBridge's fields and without
 * `op`. The detail of EventBridge is read as the EventBridge channel reads it: a text field `event`, a list `events`, or the event
 * itself. Numbers are exact.
 *
 * @param read - reads the body, or the whole detail of EventBridge's envelope, in place of `decodeEvents`
 * @throws InvalidEventError if it is none of these, or a subscription that SNS asks to confirm.
 */
export function decodeMessage(body: string | Uint8Array, read?: BodyReader): DeliveryContent {
  const inner = unwrapNotifications(body);
  const envelope = readEnvelope(inner);
  return envelope === undefined
    ? (read ?? decodeEvents)(inner)
    : decodeEventBridgeDetail(envelope.get("detail"), read);
}

/**
 * Decodes the detail of an event of EventBridge whose numbers are exact.
 *
 * @throws InvalidEventError if it holds no events.
 */
export function decodeEventBridgeDetail(detail: dom.Value | null, read?: BodyReader): DeliveryContent {
  return read === undefined || detail === null ? decodeDetail(detail) : read(toIonText(detail));
}

function unwrapNotifications(body: string | Uint8Array): string | Uint8Array {
  let inner = body;
  for (let left = ENVELOPES_MAX; left > 0; left--) {
    const message = notifiedMessage(inner);
    if (message === undefined) break;
    inner = message;
  }
  return inner;
}

function readEnvelope(body: string | Uint8Array): dom.Struct | undefined {
  // Most bodies are events: they are not to be read twice.
  if (!bodyIncludes(body, MARK)) return undefined;
  const [value, ...others] = decodeValues(body);
  if (others.length > 0 || !(value instanceof dom.Struct) || value.isNull()) return undefined;
  if (value.get("op") !== null || value.get("detail") === null) return undefined;
  return ENVELOPE_TEXTS.every((name) => textOf(value, name) !== undefined) ? value : undefined;
}

function decodeDetail(detail: dom.Value | null): DeliveryContent {
  if (!(detail instanceof dom.Struct) || detail.isNull()) {
    const found = detail?.getType().name ?? "none";
    throw new InvalidEventError("the detail of EventBridge's event", "an object", found);
  }
  const text = textOf(detail, "event");
  if (text !== undefined) return decodeEvents(text);
  const events = detail.get("events");
  if (events?.getType() !== IonTypes.LIST || events.isNull()) {
    return { events: [parseEvent(detail)], atomic: false };
  }
  const elements = events.elements();
  if (elements.length === 0) throw new InvalidEventError("events", "at least one event", "none");
  return { events: elements.map(parseEvent), atomic: elements.length > 1 };
}

function textOf(struct: dom.Struct, name: string): string | undefined {
  const value = struct.get(name);
  return value?.getType() === IonTypes.STRING ? (value.stringValue() ?? undefined) : undefined;
}
