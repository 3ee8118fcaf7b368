// SPDX-License-Identifier: MIT
import { bodyIncludes, bodyText } from "./body-text";
import { InvalidEventError } from "./invalid-event-error";

/** Names of JSON fields by which SNS's own messages are known; an event has none of them. */
const FIELDS = ["Type", "MessageId", "TopicArn", "Message"] as const;
const MARK = `"TopicArn"`;
const TOPIC_ARN = /^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?$/;
const TYPES: ReadonlySet<string> = new Set([
  "Notification",
  "SubscriptionConfirmation",
  "UnsubscribeConfirmation",
]);

/**
 * Returns the message of a notification of SNS; `undefined` for everything else.
 *
 * A topic's subscription wraps messages unless it says `RawMessageDelivery`. A notification is only what is unmistakable: a
 * JSON object whose `Type` is `Notification`, with the text fields `MessageId`, `TopicArn` (an SNS topic's ARN) and
 * `Message`, and without `op`. The signature is not checked: the queue's policy decides who may send to it, and whoever
 * may could send events without any envelope as well.
 *
 * @throws InvalidEventError for a subscription that SNS asks to confirm.
 */
export function notifiedMessage(body: string | Uint8Array): string | undefined {
  // Most bodies are events: they are not to be parsed twice.
  const fields = bodyIncludes(body, MARK) ? parseObject(body) : undefined;
  if (fields === undefined || "op" in fields) return undefined;
  if (!FIELDS.every((name) => typeof fields[name] === "string")) return undefined;
  const { Type, TopicArn, Message } = fields as Readonly<Record<(typeof FIELDS)[number], string>>;
  if (!TYPES.has(Type) || !TOPIC_ARN.test(TopicArn)) return undefined;
  if (Type === "Notification") return Message;
  throw new InvalidEventError(
    "the message",
    "an event or a notification",
    "SNS's request to confirm the subscription (open its SubscribeURL) or to take it back",
  );
}

function parseObject(body: string | Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(bodyText(body));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // Not JSON, so not SNS's. It may be Ion.
    return undefined;
  }
}
