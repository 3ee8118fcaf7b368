// SPDX-License-Identifier: MIT
import { SQSClient } from "@aws-sdk/client-sqs";
import { createLoaderFromConfig, createPinoLogger, parseConfig } from "@ledger-loader/core";
import { createKinesisHandler } from "@ledger-loader/kinesis";
import { SqsDeadLetterSink } from "@ledger-loader/sqs";
import type { KinesisStreamHandler } from "aws-lambda";

const config = parseConfig(process.env);
const loader = createLoaderFromConfig(config, createPinoLogger({ level: config.logLevel }), {
  channel: "kinesis",
  openQueue: (queueUrl) => new SqsDeadLetterSink({ client: new SQSClient(), queueUrl }),
});

/** The Lambda function of a data stream of plain events. */
export const handler: KinesisStreamHandler = async (event) => createKinesisHandler(await loader)(event);
