// SPDX-License-Identifier: MIT
import { createEventBridgeHandler, type EventBridgeFunction } from "@ledger-loader/eventbridge";
import { startFunction } from "./start";

/** Loads what a rule hands to the function. */
export const handler: EventBridgeFunction = startFunction(
  "eventbridge",
  (loader, logger, { allowUnordered }) => createEventBridgeHandler(loader, { allowUnordered, logger }),
);
