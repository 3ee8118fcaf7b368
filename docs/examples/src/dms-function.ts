// SPDX-License-Identifier: MIT
// #region function
import { createLoaderFromConfig, createPinoLogger, parseConfig } from "@ledger-loader/core";
import { createDmsHandlerFromConfig } from "@ledger-loader/dms";
import type { KinesisStreamHandler } from "aws-lambda";

const logger = createPinoLogger();
// Once per cold start: configuration and mapping file are read here, and what is wrong with them is said.
const load = createLoaderFromConfig(parseConfig(process.env), logger).then((loader) =>
  createDmsHandlerFromConfig(loader, process.env, logger),
);

/** The Lambda function of the stream that DMS writes to. */
export const handler: KinesisStreamHandler = async (event) => (await load)(event);
// #endregion
