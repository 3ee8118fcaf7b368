// SPDX-License-Identifier: MIT
import { createDmsHandlerFromConfig } from "@ledger-loader/dms";
import { loadEventMapper } from "@ledger-loader/infra/extensions";
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from "aws-lambda";
import { startFunction } from "./start";

/** Loads what AWS DMS writes to a data stream. */
export const handler: (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse> = startFunction(
  "dms",
  (loader, logger) => createDmsHandlerFromConfig(loader, process.env, logger, loadEventMapper),
);
