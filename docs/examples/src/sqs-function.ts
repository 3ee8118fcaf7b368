// SPDX-License-Identifier: MIT
// #region function
import { createLoaderFromConfig, createPinoLogger, parseConfig } from "@ledger-loader/core";
import { createSqsHandler } from "@ledger-loader/sqs";
import type { SQSHandler } from "aws-lambda";

// Once per cold start: what is wrong with the configuration is said here, all of it at once.
const loader = createLoaderFromConfig(parseConfig(process.env), createPinoLogger());

/** The Lambda function of a queue. */
export const handler: SQSHandler = async (event) => createSqsHandler(await loader)(event);
// #endregion
