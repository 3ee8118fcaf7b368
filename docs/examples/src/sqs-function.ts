// SPDX-License-Identifier: MIT
// #region function
import { SQSClient } from "@aws-sdk/client-sqs";
import { createLoaderFromConfig, createPinoLogger, parseConfig } from "@ledger-loader/core";
import { createSqsHandler, SqsDeadLetterSink } from "@ledger-loader/sqs";
import type { SQSHandler } from "aws-lambda";

// Once per cold start: what is wrong with the configuration is said here, all of it at once.
const config = parseConfig(process.env);
const loader = createLoaderFromConfig(config, createPinoLogger({ level: config.logLevel }), {
  channel: "sqs",
  // Used if DEAD_LETTERS names a queue; without it, failed messages go back to their own.
  openQueue: (queueUrl) => new SqsDeadLetterSink({ client: new SQSClient(), queueUrl }),
});

/** The Lambda function of a queue. */
export const handler: SQSHandler = async (event) => createSqsHandler(await loader)(event);
// #endregion
