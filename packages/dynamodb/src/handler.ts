// SPDX-License-Identifier: MIT
import { type Delivery, type Loader, lowestFailure, recordsOf } from "@ledger-loader/core";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { streamContent } from "./decode-records";
import { toContext, type DynamoDbContext, type DynamoDbOptions } from "./dynamodb-options";

/** A Lambda function for a table's stream; assignable to the `DynamoDBStreamHandler` of `@types/aws-lambda`. */
export type DynamoDbHandler = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;

/**
 * Loads the changes of a DynamoDB table from its stream.
 *
 * The event source mapping MUST set `ReportBatchItemFailures`: the function names the first failed record, and Lambda
 * delivers from there again; what was written before is recognized. The stream's view type MUST have the new image. See
 * docs/guides/load-from-dynamodb.md.
 */
export function createDynamoDbHandler(loader: Loader, options: DynamoDbOptions = {}): DynamoDbHandler {
  const context = toContext(options, "UPDATE");
  return async (event) => {
    const records = recordsOf(event, "DynamoDB Streams");
    const deliveries = records.map((record) => toDelivery(record, context));
    return lowestFailure(await loader.load(deliveries, { onFailure: "continue" }));
  };
}

/** A record of a stream as a delivery; also what the consumer reads is brought into this form. */
export function toDelivery(record: DynamoDBRecord, context: DynamoDbContext): Delivery {
  const { SequenceNumber = "", ApproximateCreationDateTime } = record.dynamodb ?? {};
  return {
    deliveryId: SequenceNumber,
    body: JSON.stringify(record),
    mapped: true,
    origin: `${(record.eventSourceARN ?? "").replace(/^.*:table\//, "")}@${SequenceNumber}`,
    sentAtMs:
      typeof ApproximateCreationDateTime === "number" ? ApproximateCreationDateTime * 1000 : undefined,
    // Decoded by the loader, so that one bad record fails one delivery and not the batch.
    decode: () => streamContent(record, context),
  };
}
