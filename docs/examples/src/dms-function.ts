// SPDX-License-Identifier: MIT
// #region function
import { SQSClient } from "@aws-sdk/client-sqs";
import { createLoaderFromConfig, createPinoLogger, parseConfig } from "@ledger-loader/core";
import { createDmsHandlerFromConfig } from "@ledger-loader/dms";
import { SqsDeadLetterSink } from "@ledger-loader/sqs";
import type { KinesisStreamHandler } from "aws-lambda";

const config = parseConfig(process.env);
const logger = createPinoLogger({ level: config.logLevel });
// Parks in the queue that DEAD_LETTERS names, so that a record that cannot be loaded does not hold up its shard.
const loader = createLoaderFromConfig(config, logger, {
  channel: "dms",
  openQueue: (queueUrl) => new SqsDeadLetterSink({ client: new SQSClient(), queueUrl }),
});
// Once per cold start: the mapping file is read here, and what is wrong with it is said.
const load = loader.then((opened) => createDmsHandlerFromConfig(opened, process.env, logger));

/** The Lambda function of the stream that DMS writes to. */
export const handler: KinesisStreamHandler = async (event) => (await load)(event);
// #endregion
