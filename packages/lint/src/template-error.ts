// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";

/** A text that is no CloudFormation template. */
export class TemplateError extends LedgerLoaderError {
  readonly code = "TEMPLATE_UNREADABLE";
}
