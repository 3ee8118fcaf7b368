// SPDX-License-Identifier: MIT
import { type BodyReader, type DeliveryContent, decodeEvents } from "@ledger-loader/core";
import { decodeDetail } from "@ledger-loader/eventbridge";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Decodes what AWS itself has put into a queue because it could not hand it over: an event of EventBridge as it was (the dead-letter
 * queue of a rule), or Lambda's record of an asynchronous invocation that it gave up, with the event of SNS or EventBridge in it
 * (the on-failure destination of a function). Returns `undefined` for everything else.
 *
 * Source: AWS Lambda's developer guide, "Capturing records of Lambda asynchronous invocations"; EventBridge's user guide, "Events".
 *
 * @throws InvalidEventError if the event in it is none.
 */
export function decodeUndelivered(body: string, read?: BodyReader): DeliveryContent | undefined {
  // Most bodies are events: they are not to be parsed twice.
  if (!body.includes(`"requestPayload"`) && !body.includes(`"detail-type"`)) return undefined;
  const message = parseObject(body);
  if (message === undefined || "op" in message) return undefined;
  if (!("requestPayload" in message)) return decodeAsyncEvent(message, read);
  return "requestContext" in message && isObject(message["requestPayload"])
    ? decodeAsyncEvent(message["requestPayload"], read)
    : undefined;
}

/** The event that a function is invoked with by SNS or EventBridge. */
function decodeAsyncEvent(event: Fields, read: BodyReader | undefined): DeliveryContent | undefined {
  if (typeof event["detail-type"] === "string" && typeof event["source"] === "string" && "detail" in event) {
    return decodeDetail(event["detail"], true, read);
  }
  const records: unknown = event["Records"];
  const messages = Array.isArray(records) ? records.map(messageOf) : [];
  const [first] = messages;
  // SNS hands over one at a time.
  return messages.length === 1 && first !== undefined ? (read ?? decodeEvents)(first) : undefined;
}

function messageOf(record: unknown): string | undefined {
  const sns = isObject(record) ? record["Sns"] : undefined;
  const message = isObject(sns) ? sns["Message"] : undefined;
  return typeof message === "string" ? message : undefined;
}

function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // Not JSON, so not AWS's. It may be Ion.
    return undefined;
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
