// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { DeadLetter } from "./dead-letter";

/** A dead-letter sink did not take letters. Their deliveries stay failed, so that nothing is lost. */
export class ParkingFailedError extends LedgerLoaderError {
  readonly code = "PARKING_FAILED";
  /** The letters that were not taken; all others were. */
  readonly unparked: readonly DeadLetter[];

  constructor(unparked: readonly DeadLetter[], found: string, cause?: unknown) {
    super(
      `Expected the dead-letter sink to take every letter, but ${unparked.length} were not taken (${found}). ` +
        `Their deliveries stay failed and come back; correct the sink.`,
      { cause, retryable: true },
    );
    this.unparked = unparked;
  }
}
