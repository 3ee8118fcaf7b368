// SPDX-License-Identifier: MIT
import { type DeliveryContent, InvalidEventError } from "@ledger-loader/core";
import { toContext, type DynamoDbContext, type DynamoDbOptions } from "./dynamodb-options";
import { readKinesisRecord, readStreamRecord } from "./item-change";
import { toContent } from "./to-content";

/**
 * Decodes a record of DynamoDB Streams in JSON, as Lambda gets it: what a dead letter of the channel holds.
 *
 * @throws InvalidEventError if it is none, or its view type has no new image.
 */
export function decodeDynamoDbRecord(
  body: string | Uint8Array,
  options: DynamoDbOptions = {},
): DeliveryContent {
  return streamContent(parseJson(body), toContext(options, "UPDATE"));
}

/**
 * Decodes a record that DynamoDB put into a Kinesis data stream.
 *
 * @throws InvalidEventError if it is none.
 */
export function decodeDynamoDbKinesisRecord(
  body: string | Uint8Array,
  options: DynamoDbOptions = {},
): DeliveryContent {
  return kinesisContent(body, toContext(options, "ANY"));
}

/** The content of a record of DynamoDB Streams. */
export function streamContent(record: unknown, context: DynamoDbContext): DeliveryContent {
  return toContent(readStreamRecord(record, context.epoch), context);
}

/** The content of a Kinesis record's data. */
export function kinesisContent(body: string | Uint8Array, context: DynamoDbContext): DeliveryContent {
  return toContent(readKinesisRecord(parseJson(body), context.epoch), context);
}

/** DynamoDB's JSON holds numbers as strings, so nothing is lost to doubles. */
function parseJson(body: string | Uint8Array): unknown {
  try {
    return JSON.parse(
      typeof body === "string" ? body : new TextDecoder("utf-8", { fatal: true }).decode(body),
    );
  } catch (error) {
    // What the parser says may repeat what it read.
    const found = error instanceof Error ? error.name : typeof error;
    throw new InvalidEventError("the record", "JSON in UTF-8", found);
  }
}
