// SPDX-License-Identifier: MIT
import { type Delivery, type Loader, lowestFailure, recordsOf } from "@ledger-loader/core";
import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";
import { kinesisContent } from "./decode-records";
import { toContext, type DynamoDbContext, type DynamoDbOptions } from "./dynamodb-options";

/** A Lambda function for a Kinesis event source; assignable to the `KinesisStreamHandler` of `@types/aws-lambda`. */
export type DynamoDbKinesisHandler = (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>;

/**
 * Loads the changes of DynamoDB tables from a Kinesis data stream (Kinesis Data Streams for DynamoDB).
 *
 * Changes may come in another order and more than once; the time of the change puts them in order. Two changes of one
 * item at the same time cannot be told apart: the second is rejected as `ambiguous-order`. The event source mapping MUST
 * set `ReportBatchItemFailures`. See docs/guides/load-from-dynamodb.md.
 */
export function createDynamoDbKinesisHandler(
  loader: Loader,
  options: DynamoDbOptions = {},
): DynamoDbKinesisHandler {
  const context = toContext(options, "ANY");
  return async (event) => {
    const records = recordsOf(event, "Kinesis");
    const deliveries = records.map((record) => toDelivery(record, context));
    return lowestFailure(await loader.load(deliveries, { onFailure: "continue" }));
  };
}

function toDelivery({ eventID, kinesis }: KinesisStreamRecord, context: DynamoDbContext): Delivery {
  const body = Buffer.from(kinesis.data, "base64");
  return {
    deliveryId: kinesis.sequenceNumber,
    body,
    mapped: true,
    origin: `${eventID.split(":")[0] ?? ""}@${kinesis.sequenceNumber}`,
    sentAtMs: Math.round(kinesis.approximateArrivalTimestamp * 1000),
    decode: () => kinesisContent(body, context),
  };
}
