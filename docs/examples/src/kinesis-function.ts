// SPDX-License-Identifier: MIT
// #region function
import { SQSClient } from "@aws-sdk/client-sqs";
import { createLoaderFromConfig, createPinoLogger, parkFailures, parseConfig } from "@ledger-loader/core";
import { createQldbStreamHandler } from "@ledger-loader/kinesis";
import { SqsDeadLetterSink } from "@ledger-loader/sqs";
import type { KinesisStreamHandler } from "aws-lambda";

const logger = createPinoLogger();
const sink = new SqsDeadLetterSink({ client: new SQSClient(), queueUrl: process.env["DEAD_LETTERS"] ?? "" });
// Half a minute for a revision to wait for the one before it, which another shard may hold.
const loader = createLoaderFromConfig(parseConfig(process.env), logger).then((each) =>
  parkFailures(each, { sink, channel: "qldb-stream", waitMs: 30_000, logger }),
);

/** The Lambda function of a ledger's journal stream. */
export const handler: KinesisStreamHandler = async (event) => createQldbStreamHandler(await loader)(event);
// #endregion
