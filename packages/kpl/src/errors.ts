// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** A user record has a key that Kinesis would refuse. */
export class InvalidUserRecordError extends LedgerLoaderError {
  readonly code = "KPL_INVALID_USER_RECORD";
}

/** A user record does not fit into one Kinesis record, even alone. */
export class UserRecordTooLargeError extends LedgerLoaderError {
  readonly code = "KPL_USER_RECORD_TOO_LARGE";
  /** The size of the Kinesis record, in bytes. */
  readonly bytes: number;
  /** The limit, in bytes. */
  readonly maxBytes: number;

  constructor(bytes: number, maxBytes: number) {
    super(
      `Expected a user record that fits into a Kinesis record of ${maxBytes} bytes, found one that needs ${bytes}: ` +
        "send a reference to it instead, or raise `maxBytes` if the stream takes larger records.",
    );
    this.bytes = bytes;
    this.maxBytes = maxBytes;
  }
}
