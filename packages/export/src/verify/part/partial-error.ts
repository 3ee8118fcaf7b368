// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** A partial verification that cannot be read, or that does not belong to the others. */
export class PartialError extends LedgerLoaderError {
  readonly code = "EXPORT_PARTIAL";
}
