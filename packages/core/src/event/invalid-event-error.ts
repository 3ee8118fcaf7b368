// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { RejectReason } from "./outcome";

/** An event that breaks the rules of its fields. */
export class InvalidEventError extends LedgerLoaderError {
  readonly code = "INVALID_EVENT";
  /** The field that is wrong. */
  readonly field: string;
  /** The reason with which the loader rejects the event. */
  readonly reason: RejectReason;

  constructor(
    field: string,
    expected: string,
    found: string,
    reason: RejectReason = "malformed-event",
    cause?: unknown,
  ) {
    super(`Expected ${field} to be ${expected}, found ${found}. Correct the event at its source.`, { cause });
    this.field = field;
    this.reason = reason;
  }
}
