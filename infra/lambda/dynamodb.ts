// SPDX-License-Identifier: MIT
import { createDynamoDbHandlerFromConfig } from "@ledger-loader/dynamodb";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { startFunction } from "./start";

/** Loads the changes of a DynamoDB table from its stream. */
export const handler: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse> = startFunction(
  "dynamodb",
  (loader, logger) => createDynamoDbHandlerFromConfig(loader, process.env, logger),
);
