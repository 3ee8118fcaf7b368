// SPDX-License-Identifier: MIT
import { type Delivery, type Loader, recordsOf } from "@ledger-loader/core";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { toDelivery } from "./to-delivery";

/** A Lambda function for an SQS event source; assignable to the `SQSHandler` of `@types/aws-lambda`. */
export type SqsHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

/**
 * Loads revision events from an SQS queue, standard or FIFO, sent to it directly or by an SNS topic.
 *
 * Failed messages go back to the queue one by one, so the event source mapping MUST set `ReportBatchItemFailures`:
 * without it Lambda deletes them. See docs/guides/load-from-sqs.md.
 */
export function createSqsHandler(loader: Loader): SqsHandler {
  return async (event) => {
    const records = recordsOf(event, "SQS");
    const report = await loader.load(records.map(fromRecord), { onFailure: "block-group" });
    return { batchItemFailures: report.failed.map(({ deliveryId }) => ({ itemIdentifier: deliveryId })) };
  };
}

function fromRecord({ messageId, body, eventSourceARN, attributes }: SQSRecord): Delivery {
  const queueName = eventSourceARN.slice(eventSourceARN.lastIndexOf(":") + 1);
  return toDelivery({ messageId, body, queueName, attributes });
}
