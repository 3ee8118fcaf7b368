// SPDX-License-Identifier: MIT
import type { LoaderConfig } from "./config";
import { DriverLedger } from "./driver-ledger";
import { loadWriter } from "./load-writer";
import { createLoader, type Loader } from "./loader";
import type { Logger } from "./logger";

/**
 * Makes a loader with everything it needs from its configuration: ledger, writer and limits.
 *
 * @throws WriterNotFoundError if `REVISION_WRITER` cannot be loaded.
 */
export async function createLoaderFromConfig(config: LoaderConfig, logger: Logger): Promise<Loader> {
  const writer = await loadWriter(config);
  const { ledgerEndpoint: endpoint } = config;
  const ledger = new DriverLedger({
    ledgerName: config.ledgerName,
    region: config.ledgerRegion,
    ...(endpoint === undefined ? {} : { endpoint }),
    sessions: config.sessionsMax,
    occRetries: config.occRetriesMax,
  });
  return createLoader({
    ledger,
    writer,
    logger,
    strictness: config.strictness,
    startMidHistory: config.startMidHistory,
    requireId: config.requireId,
    createTables: config.createTables,
    sessions: config.sessionsMax,
    eventsPerTransactionMax: config.eventsPerTransactionMax,
    limits: { documentBytesMax: config.documentBytesMax },
  });
}
