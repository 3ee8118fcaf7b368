// SPDX-License-Identifier: MIT
import type { BlockAddress } from "./address";

/** The rules that verification checks, by the names that reports use. */
export type FindingRule =
  | "malformed-block"
  | "block-hash"
  | "entries-hash"
  | "chain-link"
  | "sequence"
  | "strand"
  | "timestamp-order"
  | "transaction-info-entry"
  | "redaction-info-entry"
  | "revision-root-entry"
  | "header-entry"
  | "shape-entry"
  | "revision-hash"
  | "delete-revision-hash"
  | "revision-content"
  | "revision-address"
  | "revision-transaction"
  | "revision-document";

/**
 * How bad a finding is.
 *
 * - `broken`: what is there cannot be what was written;
 * - `unverified`: a hash is there but the rule behind it is not known for certain (delete revisions);
 * - `warning`: nothing is wrong with the hashes, but it is not what QLDB is known to write.
 */
export type FindingSeverity = "broken" | "unverified" | "warning";

/** Something that verification found, with all that is needed to look at the place. Never holds document content. */
export interface Finding {
  readonly rule: FindingRule;
  readonly severity: FindingSeverity;
  /** One sentence for people. */
  readonly message: string;
  /** The block, unless its address could not be read. */
  readonly blockAddress?: BlockAddress | undefined;
  /** The field at fault, as a path from the block: `revisions[3].metadata.txId`. */
  readonly field: string;
  readonly documentId?: string | undefined;
  readonly version?: number | undefined;
  /** What should be there and what is; hashes in base64. */
  readonly expected?: string | undefined;
  readonly found?: string | undefined;
}
