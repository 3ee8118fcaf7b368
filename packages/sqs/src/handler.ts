// SPDX-License-Identifier: MIT
import { decodeEvents, type Delivery, type Loader } from "@ledger-loader/core";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";

/** A Lambda function for an SQS event source; assignable to the `SQSHandler` of `@types/aws-lambda`. */
export type SqsHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

/**
 * Loads revision events from an SQS queue, standard or FIFO.
 *
 * Failed messages go back to the queue one by one, so the event source mapping MUST set `ReportBatchItemFailures`:
 * without it Lambda deletes them. See docs/guides/channels.md#sqs.
 */
export function createSqsHandler(loader: Loader): SqsHandler {
  return async ({ Records }) => {
    const report = await loader.load(Records.map(toDelivery), { onFailure: "block-group" });
    return { batchItemFailures: report.failed.map(({ deliveryId }) => ({ itemIdentifier: deliveryId })) };
  };
}

function toDelivery(record: SQSRecord): Delivery {
  return {
    deliveryId: record.messageId,
    // Only a FIFO queue keeps a group in order. On a standard queue a group id is about fairness: nothing to hold back.
    ...(record.eventSourceARN.endsWith(".fifo") && {
      group: record.attributes.MessageGroupId ?? record.messageId,
    }),
    body: record.body,
    origin: `${queueNameOf(record)}/${record.messageId}`,
    sentAtMs: Number(record.attributes.SentTimestamp),
    firstReceivedAtMs: Number(record.attributes.ApproximateFirstReceiveTimestamp),
    // Decoded by the loader, so that one bad body fails one delivery and not the whole batch.
    decode: () => decodeEvents(record.body),
  };
}

function queueNameOf({ eventSourceARN }: SQSRecord): string {
  return eventSourceARN.slice(eventSourceARN.lastIndexOf(":") + 1);
}
