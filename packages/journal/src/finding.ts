// SPDX-License-Identifier: MIT
import type { BlockAddress } from "./address";
import type { Verdict } from "./verdict";

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
 * The weight of a finding: the verdict that it leads to, or `warning`.
 *
 * A `warning` leads to no verdict: the hashes match, but QLDB is not known to write such a value.
 */
export type FindingSeverity = Exclude<Verdict, "passed"> | "warning";

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
  /** Expected and found values; hashes in base64. */
  readonly expected?: string | undefined;
  readonly found?: string | undefined;
}
