// SPDX-License-Identifier: MIT
import { createSqsHandler } from "@ledger-loader/sqs";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { startFunction } from "./start";

/** Loads a queue's messages; also those that a topic put there. */
export const handler: (event: SQSEvent) => Promise<SQSBatchResponse> = startFunction("sqs", (loader) =>
  createSqsHandler(loader),
);
