// SPDX-License-Identifier: MIT
// #region function
import { SQSClient } from "@aws-sdk/client-sqs";
import { createLoaderFromConfig, createPinoLogger, parseConfig } from "@ledger-loader/core";
import { createDynamoDbHandlerFromConfig } from "@ledger-loader/dynamodb";
import { SqsDeadLetterSink } from "@ledger-loader/sqs";
import type { DynamoDBStreamHandler } from "aws-lambda";

const config = parseConfig(process.env);
const logger = createPinoLogger({ level: config.logLevel });
// Parks in the queue that DEAD_LETTERS names; set PARK_WAIT_MS=0, as nothing that is missing comes later.
const loader = createLoaderFromConfig(config, logger, {
  channel: "dynamodb",
  openQueue: (queueUrl) => new SqsDeadLetterSink({ client: new SQSClient(), queueUrl }),
});
// Once per cold start: DYNAMODB_TABLES, DYNAMODB_EXPIRY and the others are read here.
const load = loader.then((opened) => createDynamoDbHandlerFromConfig(opened, process.env, logger));

/** The Lambda function of a table's stream. */
export const handler: DynamoDBStreamHandler = async (event) => (await load)(event);
// #endregion
