// SPDX-License-Identifier: MIT
import { dom, IonTypes } from "ion-js";
import { decodeEvents, decodeValues, parseEvent } from "./decode-events";
import type { BodyReader, DeliveryContent } from "./delivery";
import { InvalidEventError } from "./invalid-event-error";
import { toIonText } from "@ledger-loader/ion";

/** The text fields by which EventBridge's envelope is known; an event has none of them. */
const ENVELOPE_TEXTS = ["id", "source", "detail-type", "account", "time", "region"] as const;
const MARK = `"detail-type"`;

/**
 * Decodes a message of a queue, topic or stream: events, or the envelope in which a rule of EventBridge has wrapped them.
 *
 * Unwrapped is only what is unmistakable: a JSON object with all of EventBridge's fields and without `op`. Its detail is
 * read as the EventBridge channel reads it: a text field `event`, a list `events`, or the event itself. Numbers are exact.
 *
 * @param read - reads the body or the envelope's whole detail in place of `decodeEvents`
 * @throws InvalidEventError if it is neither.
 */
export function decodeMessage(body: string | Uint8Array, read?: BodyReader): DeliveryContent {
  const envelope = readEnvelope(body);
  if (envelope === undefined) return (read ?? decodeEvents)(body);
  const detail = envelope.get("detail");
  return read === undefined || detail === null ? decodeDetail(detail) : read(toIonText(detail));
}

function readEnvelope(body: string | Uint8Array): dom.Struct | undefined {
  // Most bodies are events: they are not to be read twice.
  const searched =
    typeof body === "string" ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!searched.includes(MARK)) return undefined;
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
