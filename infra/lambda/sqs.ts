// SPDX-License-Identifier: MIT
import { SQSClient } from "@aws-sdk/client-sqs";
import { createSqsHandler } from "@ledger-loader/sqs";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { startFunction } from "./start";

/** Loads a queue's messages; also those that a topic put there. */
export const handler: (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> = startFunction(
  "sqs",
  (loader, logger) => createSqsHandler(loader, { client: visibilityClient(), logger }),
);

/**
 * Has failed messages come back sooner. It gives up soon itself: without it they come back later, and an invocation that
 * waits for it until it is ended would fail what it has loaded.
 */
function visibilityClient(): SQSClient {
  return new SQSClient({
    // Queue and function are in one region; the SDK knows the address of every partition.
    useQueueUrlAsEndpoint: false,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000 },
  });
}
