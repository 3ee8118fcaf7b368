// SPDX-License-Identifier: MIT
// #region worker
import { SQSClient } from "@aws-sdk/client-sqs";
import { createLoaderFromConfig, createPinoLogger, parseConfig, runWorker } from "@ledger-loader/core";
import { createKafkaClient, createKafkaConsumer, parseKafkaConnection } from "@ledger-loader/msk";
import { SqsDeadLetterSink } from "@ledger-loader/sqs";

/** Consumes a topic until SIGTERM, or until the signal is raised. */
export async function consumeTopic(topic: string, signal?: AbortSignal): Promise<void> {
  const config = parseConfig(process.env);
  const logger = createPinoLogger({ level: config.logLevel });
  const client = createKafkaClient({ ...parseKafkaConnection(process.env), logger });
  // Waits out a ledger that is away, and parks where DEAD_LETTERS says.
  const loader = await createLoaderFromConfig(config, logger, {
    channel: "msk",
    host: "worker",
    openQueue: (queueUrl) => new SqsDeadLetterSink({ client: new SQSClient(), queueUrl }),
  });
  const consumer = createKafkaConsumer({ client, topic, groupId: "ledger-loader", loader, logger });
  try {
    await runWorker({ consumer, logger, signal });
  } finally {
    await loader.close();
  }
}
// #endregion
