// SPDX-License-Identifier: MIT
import { createSnsHandler } from "@ledger-loader/sns";
import type { SNSEvent } from "aws-lambda";
import { startFunction } from "./start";

/** Loads what a topic hands to the function itself. */
export const handler: (event: SNSEvent) => Promise<void> = startFunction(
  "sns",
  (loader, _logger, { allowUnordered }) => createSnsHandler(loader, { allowUnordered }),
);
