// SPDX-License-Identifier: MIT
import {
  type BodyReader,
  compareNumbersByValue,
  decodeEventBridgeDetail,
  decodeMessage,
  decodeValues,
  type DeliveryContent,
  InvalidEventError,
} from "@ledger-loader/core";
import { dom, IonTypes } from "ion-js";

/**
 * Decodes what AWS itself has put into a queue because it could not hand it over: an event of EventBridge as it was (the dead-letter
 * queue of a rule), or Lambda's record of an asynchronous invocation that it gave up, with the event of SNS or EventBridge in it
 * (the on-failure destination of a function). Returns `undefined` for everything else.
 *
 * Numbers are exact: the text of the message is not parsed as Lambda does. What the function has written before is compared by value.
 *
 * Source: AWS Lambda's developer guide, "Capturing records of Lambda asynchronous invocations"; EventBridge's user guide, "Events".
 *
 * @throws InvalidEventError if the event in it is none.
 */
export function decodeUndelivered(body: string, read?: BodyReader): DeliveryContent | undefined {
  // Most bodies are events: they are not to be parsed twice.
  if (!body.includes(`"requestPayload"`) && !body.includes(`"detail-type"`)) return undefined;
  const message = parseStruct(body);
  if (message === undefined || message.get("op") !== null) return undefined;
  const payload = message.get("requestPayload");
  if (payload === null) return decodeAsyncEvent(message, read);
  return message.get("requestContext") !== null && payload instanceof dom.Struct
    ? decodeAsyncEvent(payload, read)
    : undefined;
}

/** The event that a function is invoked with by SNS or EventBridge. */
function decodeAsyncEvent(event: dom.Struct, read: BodyReader | undefined): DeliveryContent | undefined {
  const detail = event.get("detail");
  if (
    detail !== null &&
    textOf(event.get("detail-type")) !== undefined &&
    textOf(event.get("source")) !== undefined
  ) {
    const content = decodeEventBridgeDetail(detail, read);
    const isText = detail instanceof dom.Struct && textOf(detail.get("event")) !== undefined;
    return read === undefined && isText ? content : compareNumbersByValue(content);
  }
  const records = event.get("Records");
  const messages = records instanceof dom.List ? records.elements().map(messageOf) : [];
  const [first] = messages;
  // SNS hands over one at a time.
  return messages.length === 1 && first !== undefined ? decodeMessage(first, read) : undefined;
}

function messageOf(record: dom.Value): string | undefined {
  const sns = record instanceof dom.Struct ? record.get("Sns") : null;
  return sns instanceof dom.Struct ? textOf(sns.get("Message")) : undefined;
}

function textOf(value: dom.Value | null): string | undefined {
  return value?.getType() === IonTypes.STRING ? (value.stringValue() ?? undefined) : undefined;
}

function parseStruct(text: string): dom.Struct | undefined {
  try {
    const [value, ...others] = decodeValues(text);
    return value instanceof dom.Struct && others.length === 0 ? value : undefined;
  } catch (error) {
    if (!(error instanceof InvalidEventError)) throw error;
    // Neither JSON nor Ion, so not AWS's.
    return undefined;
  }
}
