// SPDX-License-Identifier: MIT
import { parseBoolean } from "@ledger-loader/core";
import {
  createMskHandler,
  parseTombstones,
  type KafkaBatchResponse,
  type KafkaEvent,
} from "@ledger-loader/msk";
import { startFunction } from "./start";

/** Set exactly where the event source mapping reports batch item failures. */
const reportBatchItemFailures = parseBoolean(process.env["MSK_REPORT_BATCH_ITEM_FAILURES"] ?? "") === true;

/** Loads the events of a Kafka topic. */
export const handler: (event: KafkaEvent) => Promise<KafkaBatchResponse | undefined> = startFunction(
  "msk",
  (loader, logger) => {
    const tombstones = parseTombstones(process.env);
    return createMskHandler(loader, { reportBatchItemFailures, tombstones, logger });
  },
);
