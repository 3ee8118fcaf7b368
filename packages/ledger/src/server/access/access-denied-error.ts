// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** The access key of a request has no permission for an action. */
export class AccessDeniedError extends LedgerLoaderError {
  readonly code = "ACCESS_DENIED";
  readonly action: string;
  readonly resource: string;

  constructor(message: string, action: string, resource: string) {
    super(message);
    this.action = action;
    this.resource = resource;
  }
}
