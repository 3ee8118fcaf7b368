// SPDX-License-Identifier: MIT
import { createDynamoDbKinesisHandlerFromConfig } from "@ledger-loader/dynamodb";
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from "aws-lambda";
import { startFunction } from "./start";

/** Loads the changes of a DynamoDB table from the data stream that it feeds. */
export const handler: (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse> = startFunction(
  "dynamodb-kinesis",
  (loader, logger) => createDynamoDbKinesisHandlerFromConfig(loader, process.env, logger),
);
