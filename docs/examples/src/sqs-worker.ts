// SPDX-License-Identifier: MIT
// #region worker
import { SQSClient } from "@aws-sdk/client-sqs";
import { createLoaderFromConfig, createPinoLogger, parseConfig, runWorker } from "@ledger-loader/core";
import { createSqsConsumer } from "@ledger-loader/sqs";

/** Loads a queue until SIGTERM, or until the signal is raised. It stops within `waitSeconds`. */
export async function consumeQueue(queueUrl: string, waitSeconds = 10, signal?: AbortSignal): Promise<void> {
  const config = parseConfig(process.env);
  const logger = createPinoLogger({ level: config.logLevel });
  const loader = await createLoaderFromConfig(config, logger, { channel: "sqs", host: "worker" });
  const consumer = createSqsConsumer({ client: new SQSClient(), queueUrl, loader, waitSeconds, logger });
  try {
    await runWorker({ consumer, logger, signal });
  } finally {
    await loader.close();
  }
}
// #endregion
