// SPDX-License-Identifier: MIT
// #region function
import { SQSClient } from "@aws-sdk/client-sqs";
import { createLoaderFromConfig, createPinoLogger, parseConfig } from "@ledger-loader/core";
import { createDynamoDbKinesisHandlerFromConfig } from "@ledger-loader/dynamodb";
import { SqsDeadLetterSink } from "@ledger-loader/sqs";
import type { KinesisStreamHandler } from "aws-lambda";

const config = parseConfig(process.env);
const logger = createPinoLogger({ level: config.logLevel });
const loader = createLoaderFromConfig(config, logger, {
  channel: "dynamodb-kinesis",
  openQueue: (queueUrl) => new SqsDeadLetterSink({ client: new SQSClient(), queueUrl }),
});
const load = loader.then((opened) => createDynamoDbKinesisHandlerFromConfig(opened, process.env, logger));

/** The Lambda function of a Kinesis data stream that DynamoDB feeds. */
export const handler: KinesisStreamHandler = async (event) => (await load)(event);
// #endregion
