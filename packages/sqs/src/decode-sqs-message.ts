// SPDX-License-Identifier: MIT
import { decodeMessage, InvalidEventError, type BodyReader, type DeliveryContent } from "@ledger-loader/core";

/** Names of JSON fields by which SNS's own messages are known; an event has none of them. */
const SNS_FIELDS = ["Type", "MessageId", "TopicArn", "Message"] as const;
const TOPIC_ARN = /^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?$/;

/**
 * Decodes a message's body: events, or what SNS or a rule of EventBridge has wrapped them in.
 *
 * A topic's subscription wraps messages unless it says `RawMessageDelivery`. Unwrapped is only what is unmistakable: a
 * JSON object whose `Type` is `Notification`, with the text fields `MessageId`, `TopicArn` (an SNS topic's ARN) and
 * `Message`, and without `op`. The signature is not checked: the queue's policy decides who may send to it, and whoever
 * may could send events without any envelope as well.
 *
 * @param read - reads what was wrapped, in place of `decodeEvents`
 * @throws InvalidEventError if it is neither, or a subscription that SNS asks to confirm.
 */
export function decodeSqsMessage(body: string, read?: BodyReader): DeliveryContent {
  const sns = readSnsMessage(body);
  if (sns === undefined) return decodeMessage(body, read);
  if (sns.Type === "Notification") return decodeMessage(sns.Message, read);
  throw new InvalidEventError(
    "the message",
    "an event or a notification",
    "SNS's request to confirm the subscription (open its SubscribeURL) or to take it back",
  );
}

type SnsMessage = Readonly<Record<(typeof SNS_FIELDS)[number], string>>;

const SNS_TYPES: ReadonlySet<string> = new Set([
  "Notification",
  "SubscriptionConfirmation",
  "UnsubscribeConfirmation",
]);

/** Returns what SNS itself has written; `undefined` for everything else. */
function readSnsMessage(body: string): SnsMessage | undefined {
  // Most bodies are events: they are not to be parsed twice.
  if (!body.includes(`"TopicArn"`)) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    // Not JSON, so not SNS's. It may be Ion.
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null || "op" in parsed) return undefined;
  const fields = parsed as Readonly<Record<string, unknown>>;
  if (!SNS_FIELDS.every((name) => typeof fields[name] === "string")) return undefined;
  const message = fields as SnsMessage;
  return SNS_TYPES.has(message.Type) && TOPIC_ARN.test(message.TopicArn) ? message : undefined;
}
