// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** A server would answer other machines without knowing who asks. */
export class InsecureServerError extends LedgerLoaderError {
  readonly code = "SERVER_INSECURE";
  readonly host: string;

  constructor(host: string) {
    super(
      `Expected credentials for a server on ${host === "" ? "all addresses" : host}, which other machines can reach, found ` +
        'none: pass "--credentials FILE" (see "ledger-loader ledger add-key"), or "--insecure" if everybody who reaches the ' +
        "server may read, change and delete every ledger.",
    );
    this.host = host;
  }
}
