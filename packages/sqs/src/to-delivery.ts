// SPDX-License-Identifier: MIT
import { decodeMessage, type Delivery } from "@ledger-loader/core";

/** The message of a delivery, whoever has received the message. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly body: string;
  /** The last part of the queue's ARN and of its URL; a FIFO queue's ends with `.fifo`. */
  readonly queueName: string;
  readonly attributes: {
    readonly SentTimestamp?: string | undefined;
    readonly ApproximateFirstReceiveTimestamp?: string | undefined;
    readonly MessageGroupId?: string | undefined;
  };
}

/** Returns a message as the loader takes it. */
export function toDelivery({ messageId, body, queueName, attributes }: ReceivedMessage): Delivery {
  return {
    deliveryId: messageId,
    // Only a FIFO queue keeps a group in order. On a standard queue a group id is about fairness: nothing to hold back.
    group: queueName.endsWith(".fifo") ? (attributes.MessageGroupId ?? messageId) : undefined,
    body,
    origin: `${queueName}/${messageId}`,
    // Not an SNS notification's own time, which is that of the first publication when an archive is replayed.
    sentAtMs: Number(attributes.SentTimestamp),
    firstReceivedAtMs: Number(attributes.ApproximateFirstReceiveTimestamp),
    // Decoded by the loader, so that one bad body fails one delivery and not the whole batch.
    decode: (read) => decodeMessage(body, read),
  };
}
