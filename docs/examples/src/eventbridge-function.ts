// SPDX-License-Identifier: MIT
// #region function
import { createLoaderFromConfig, createPinoLogger, parseConfig } from "@ledger-loader/core";
import { createEventBridgeHandler, type EventBridgeFunction } from "@ledger-loader/eventbridge";

const loader = createLoaderFromConfig(parseConfig(process.env), createPinoLogger());

/** The Lambda function behind a rule with `rulePattern()`. */
export const handler: EventBridgeFunction = async (event) => createEventBridgeHandler(await loader)(event);
// #endregion
