// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** The bus did not take events within the configured number of calls, for reasons that may pass. */
export class EventBusUnavailableError extends LedgerLoaderError {
  readonly code = "EVENT_BUS_UNAVAILABLE";

  constructor(left: number, attempts: number, cause: unknown) {
    const found = cause instanceof Error ? cause.name : String(cause);
    super(
      `Expected the event bus to take every event, but ${left} of a request failed ${attempts} times (${found}): ` +
        "publish again, the loader skips what has arrived.",
      { retryable: true, cause },
    );
  }
}
