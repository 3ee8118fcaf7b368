// SPDX-License-Identifier: MIT
import { createEventBridgeHandler } from "@ledger-loader/eventbridge";
import type { EventBridgeEvent } from "aws-lambda";
import { startFunction } from "./start";

/** Loads what a rule hands to the function. */
export const handler: (event: EventBridgeEvent<string, unknown>) => Promise<void> = startFunction(
  "eventbridge",
  (loader, logger) => createEventBridgeHandler(loader, { logger }),
);
