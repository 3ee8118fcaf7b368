// SPDX-License-Identifier: MIT
import { createKinesisHandler } from "@ledger-loader/kinesis";
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from "aws-lambda";
import { startFunction } from "./start";

/** Loads the events of a data stream, aggregated or not. */
export const handler: (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse> = startFunction(
  "kinesis",
  (loader) => createKinesisHandler(loader),
);
