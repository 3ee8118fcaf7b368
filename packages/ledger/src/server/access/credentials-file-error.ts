// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** The file of access keys cannot be used. */
export class CredentialsFileError extends LedgerLoaderError {
  readonly code = "CREDENTIALS_FILE";
  readonly file: string;

  /** @param problem - what was expected and found, and how to fix it; never a secret */
  constructor(file: string, problem: string, cause?: unknown) {
    super(`${file}: ${problem}.`, { cause });
    this.file = file;
  }
}
