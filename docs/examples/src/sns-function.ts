// SPDX-License-Identifier: MIT
// #region function
import { SQSClient } from "@aws-sdk/client-sqs";
import { createLoaderFromConfig, createPinoLogger, parseConfig } from "@ledger-loader/core";
import { createSnsHandler } from "@ledger-loader/sns";
import { SqsDeadLetterSink } from "@ledger-loader/sqs";
import type { SNSHandler } from "aws-lambda";

// Once per cold start: what is wrong with the configuration is said here, all of it at once.
const config = parseConfig(process.env);
const loader = createLoaderFromConfig(config, createPinoLogger({ level: config.logLevel }), {
  channel: "sns",
  // Used if DEAD_LETTERS names a queue; without it, what fails for good is left to the function's on-failure destination.
  openQueue: (queueUrl) => new SqsDeadLetterSink({ client: new SQSClient(), queueUrl }),
});

/** The Lambda function of a topic's subscription. */
export const handler: SNSHandler = async (event) =>
  createSnsHandler(await loader, { allowUnordered: config.allowUnordered })(event);
// #endregion
