// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import type { LedgerLoaderErrorOptions } from "@ledger-loader/errors";
import type { BlockAddress } from "./address";

/** A hash tree was asked for a node, leaf or size that it does not have. */
export class MissingNodeError extends LedgerLoaderError {
  readonly code = "MISSING_NODE";
}

/** A value is not the block, revision or part of one that it should be: a field is missing, twice, or of another type. */
export class MalformedBlockError extends LedgerLoaderError {
  readonly code = "MALFORMED_BLOCK";
  /** The field at fault, as a path from the block. */
  readonly field: string;
  /** The block, if its address could be read. */
  readonly blockAddress: BlockAddress | undefined;

  constructor(
    message: string,
    details: { readonly field: string; readonly blockAddress?: BlockAddress | undefined },
    options?: LedgerLoaderErrorOptions,
  ) {
    super(message, options);
    this.field = details.field;
    this.blockAddress = details.blockAddress;
  }
}

/** A file or text that should hold a digest or a proof does not. */
export class MalformedProofError extends LedgerLoaderError {
  readonly code = "MALFORMED_PROOF";
}
