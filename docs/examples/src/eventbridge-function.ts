// SPDX-License-Identifier: MIT
// #region function
import { SQSClient } from "@aws-sdk/client-sqs";
import { createLoaderFromConfig, createPinoLogger, parseConfig } from "@ledger-loader/core";
import { createEventBridgeHandler, type EventBridgeFunction } from "@ledger-loader/eventbridge";
import { SqsDeadLetterSink } from "@ledger-loader/sqs";

// Parks in the queue that DEAD_LETTERS names; without it, what fails three times goes to the on-failure destination.
const config = parseConfig(process.env);
const loader = createLoaderFromConfig(config, createPinoLogger({ level: config.logLevel }), {
  channel: "eventbridge",
  openQueue: (queueUrl) => new SqsDeadLetterSink({ client: new SQSClient(), queueUrl }),
});

/** The Lambda function behind a rule with `rulePattern()`. */
export const handler: EventBridgeFunction = async (event) =>
  createEventBridgeHandler(await loader, { allowUnordered: config.allowUnordered })(event);
// #endregion
