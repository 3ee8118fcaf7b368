// SPDX-License-Identifier: MIT
// #region function
import { SQSClient } from "@aws-sdk/client-sqs";
import { createLoaderFromConfig, createPinoLogger, parseConfig } from "@ledger-loader/core";
import { createQldbStreamHandler } from "@ledger-loader/kinesis";
import { SqsDeadLetterSink } from "@ledger-loader/sqs";
import type { KinesisStreamHandler } from "aws-lambda";

// Parks in the queue that DEAD_LETTERS names, once a revision has waited PARK_WAIT_MS for the one before it.
const config = parseConfig(process.env);
const loader = createLoaderFromConfig(config, createPinoLogger({ level: config.logLevel }), {
  channel: "qldb-stream",
  openQueue: (queueUrl) => new SqsDeadLetterSink({ client: new SQSClient(), queueUrl }),
});

/** The Lambda function of a ledger's journal stream. */
export const handler: KinesisStreamHandler = async (event) => createQldbStreamHandler(await loader)(event);
// #endregion
