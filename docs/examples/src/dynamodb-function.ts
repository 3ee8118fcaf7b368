// SPDX-License-Identifier: MIT
// #region function
import { SQSClient } from "@aws-sdk/client-sqs";
import { createLoaderFromConfig, createPinoLogger, parkFailures, parseConfig } from "@ledger-loader/core";
import { createDynamoDbHandler } from "@ledger-loader/dynamodb";
import { SqsDeadLetterSink } from "@ledger-loader/sqs";
import type { DynamoDBStreamHandler } from "aws-lambda";

const logger = createPinoLogger();
const sink = new SqsDeadLetterSink({ client: new SQSClient(), queueUrl: process.env["DEAD_LETTERS"] ?? "" });
const loader = createLoaderFromConfig(parseConfig(process.env), logger).then((each) =>
  parkFailures(each, { sink, channel: "dynamodb", waitMs: 0, logger }),
);

/** The Lambda function of a table's stream: expired items are kept in the ledger. */
export const handler: DynamoDBStreamHandler = async (event) =>
  createDynamoDbHandler(await loader, { expiry: "ignore", logger })(event);
// #endregion
