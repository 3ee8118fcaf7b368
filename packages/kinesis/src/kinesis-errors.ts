// SPDX-License-Identifier: MIT
import type { RevisionEvent } from "@ledger-loader/core";
import { LedgerLoaderError } from "@ledger-loader/errors";

/** Kinesis did not take records within the configured number of calls, for reasons that may pass. */
export class StreamUnavailableError extends LedgerLoaderError {
  readonly code = "KINESIS_STREAM_UNAVAILABLE";
}

/** Events that do not fit into a record of the stream. All others were sent. */
export class EventsTooLargeError extends LedgerLoaderError {
  readonly code = "KINESIS_EVENTS_TOO_LARGE";
  readonly tooLarge: readonly RevisionEvent[];
  /** Events that were not sent because an earlier one of their record was too large. */
  readonly heldBack: number;
  /** Events that the stream accepted. */
  readonly published: number;

  constructor(tooLarge: readonly RevisionEvent[], heldBack: number, published: number, bytesMax: number) {
    const tables = [...new Set(tooLarge.map(({ table }) => table))].join(", ");
    super(
      `Expected every event to fit into a record of ${bytesMax} bytes, found ${tooLarge.length} that do not (tables: ` +
        `${tables}); ${heldBack} were held back behind those, and ${published} were sent. Raise recordBytesMax if the ` +
        "stream takes larger records, or leave these out, then publish again: the loader skips what has arrived.",
    );
    this.tooLarge = tooLarge;
    this.heldBack = heldBack;
    this.published = published;
  }
}
