// SPDX-License-Identifier: MIT
// #region function
import { SQSClient } from "@aws-sdk/client-sqs";
import { createLoaderFromConfig, createPinoLogger, parseConfig } from "@ledger-loader/core";
import { createMskHandler, type MskHandler } from "@ledger-loader/msk";
import { SqsDeadLetterSink } from "@ledger-loader/sqs";

// Parks in the queue that DEAD_LETTERS names, once a revision has waited PARK_WAIT_MS for the one before it.
const config = parseConfig(process.env);
const loader = createLoaderFromConfig(config, createPinoLogger({ level: config.logLevel }), {
  channel: "msk",
  openQueue: (queueUrl) => new SqsDeadLetterSink({ client: new SQSClient(), queueUrl }),
});

/** The Lambda function of a topic. */
export const handler: MskHandler = async (event) => createMskHandler(await loader)(event);
// #endregion
