// SPDX-License-Identifier: MIT
// #region consumer
import {
  createLoaderFromConfig,
  createPinoLogger,
  FileDeadLetterSink,
  parkFailures,
  parseConfig,
  retryOutages,
} from "@ledger-loader/core";
import { createKafkaClient, createKafkaConsumer, parseKafkaConnection } from "@ledger-loader/msk";

/** Loads the events of a topic until the signal is raised. */
export async function consumeTopic(topic: string, deadLetters: string, signal: AbortSignal): Promise<void> {
  const logger = createPinoLogger();
  const loader = await createLoaderFromConfig(parseConfig(process.env), logger);
  const sink = new FileDeadLetterSink(deadLetters);
  const patient = retryOutages(loader, { logger });
  const consumer = createKafkaConsumer({
    client: createKafkaClient({ ...parseKafkaConnection(process.env), logger }),
    topic,
    groupId: "ledger-loader",
    loader: parkFailures(patient, { sink, channel: "msk", waitMs: 300_000, logger }),
    logger,
  });
  try {
    await consumer.run(signal);
  } finally {
    await loader.close();
  }
}
// #endregion
