// SPDX-License-Identifier: MIT
// #region worker
import { SQSClient } from "@aws-sdk/client-sqs";
import { type Loader, createPinoLogger, runWorker } from "@ledger-loader/core";
import { createSqsConsumer } from "@ledger-loader/sqs";

/** Loads a queue until SIGTERM. */
export async function workOnQueue(loader: Loader, queueUrl: string, signal: AbortSignal): Promise<void> {
  const logger = createPinoLogger();
  const consumer = createSqsConsumer({ client: new SQSClient(), queueUrl, loader, logger });
  await runWorker({ consumer, logger, signal });
}
// #endregion
