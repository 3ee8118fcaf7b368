// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** A file is no certificate, or a key cannot be used for one. */
export class CertificateError extends LedgerLoaderError {
  readonly code = "CERTIFICATE";
}
