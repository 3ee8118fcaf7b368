// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** A certificate or private key for TLS cannot be used. */
export class TlsFileError extends LedgerLoaderError {
  readonly code = "TLS_FILE";
  readonly file: string;

  /** @param problem - what was expected and found, and how to fix it */
  constructor(file: string, problem: string, cause?: unknown) {
    super(`${file}: ${problem}.`, { cause });
    this.file = file;
  }
}
