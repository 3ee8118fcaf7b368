// SPDX-License-Identifier: MIT
// #region function
import { createLoaderFromConfig, createPinoLogger, parkFailures, parseConfig } from "@ledger-loader/core";
import { createMskHandler, type MskHandler } from "@ledger-loader/msk";
import { SqsDeadLetterSink } from "@ledger-loader/sqs";
import { SQSClient } from "@aws-sdk/client-sqs";

const logger = createPinoLogger();
const loader = createLoaderFromConfig(parseConfig(process.env), logger);
const sink = new SqsDeadLetterSink({
  client: new SQSClient(),
  queueUrl: process.env["DEAD_LETTER_QUEUE_URL"] ?? "",
});

const handle = loader.then((each) =>
  // What no retry can help is parked at once, what waits for another revision after five minutes.
  createMskHandler(parkFailures(each, { sink, channel: "msk", waitMs: 300_000, logger })),
);

/** The Lambda function of a topic. */
export const handler: MskHandler = async (event) => (await handle)(event);
// #endregion
