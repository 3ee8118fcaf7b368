// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { RejectReason } from "./outcome";

/** A name that cannot be a table's or field's. */
export class InvalidIdentifierError extends LedgerLoaderError {
  readonly code = "INVALID_IDENTIFIER";

  constructor(found: string) {
    super(
      `Expected a name of 1 to 128 letters, digits and underscores that begins with neither a digit nor "_ql_", ` +
        `found ${JSON.stringify(found.slice(0, 140))}. Rename the table or field.`,
    );
  }
}

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

/** Deliveries failed on a channel that cannot report part of a batch. */
export class DeliveriesFailedError extends LedgerLoaderError {
  readonly code = "DELIVERIES_FAILED";
  /** The ids of the failed deliveries, in order. */
  readonly deliveryIds: readonly string[];

  constructor(deliveryIds: readonly string[], reasons: readonly string[]) {
    super(
      `Expected every delivery to be loaded, but ${deliveryIds.length} failed (${reasons.join(", ")}): ` +
        `${deliveryIds.join(", ")}. They must be redelivered.`,
      { retryable: true },
    );
    this.deliveryIds = deliveryIds;
  }
}
