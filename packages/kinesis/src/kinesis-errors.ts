// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** Kinesis did not take records within the configured number of calls, for reasons that may pass. */
export class StreamUnavailableError extends LedgerLoaderError {
  readonly code = "KINESIS_STREAM_UNAVAILABLE";
}
