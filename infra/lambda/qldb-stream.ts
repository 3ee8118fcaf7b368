// SPDX-License-Identifier: MIT
import { createQldbStreamHandler } from "@ledger-loader/kinesis";
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from "aws-lambda";
import { startFunction } from "./start";

/** Loads the revisions of a ledger's journal stream. */
export const handler: (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse> = startFunction(
  "qldb-stream",
  (loader) => createQldbStreamHandler(loader),
);
