// SPDX-License-Identifier: MIT
import type { Block, Digest, Verdict } from "@ledger-loader/journal";
import type { SuppliedProof } from "./anchor-check";
import type { JournalEnd } from "./journal-end";

/** The default of {@link VerifyExportOptions.maxFindings}. */
export const MAX_FINDINGS = 1000;

/** How far verification has come. */
export interface VerificationProgress {
  readonly blocks: number;
  readonly bytes: number;
  /** Bytes of all data objects that were found, as they are stored. */
  readonly totalBytes: number;
}

/** A block that was read and verified. */
export interface VerifiedBlock {
  readonly block: Block;
  /** True if the block is from JSON, which has lost the types that the hashes cover. */
  readonly isJson: boolean;
  /** The verdict on all blocks so far. */
  readonly verdict: Verdict;
}

/** The anchors to verify against, and the way to verify. */
export interface VerifyExportOptions {
  /** The digest that is trusted, from `GetDigest`: see `parseDigest`. */
  readonly digest?: Digest | undefined;
  /** More digests that are trusted. Each is checked. */
  readonly digests?: readonly Digest[] | undefined;
  /** Proofs of blocks or revisions that are trusted. */
  readonly proofs?: readonly SuppliedProof[];
  /** The journal that the export continues. With it, the first block's link and digests can be checked. */
  readonly continues?: JournalEnd | undefined;
  /**
   * True if a ledger of this project wrote the journal, whose blocks cover more by hashes than QLDB's.
   * @defaultValue told by each block's entries; the block after such a block must be one too
   */
  readonly sealed?: boolean;
  /**
   * How many findings of each severity the report lists; all are counted.
   * @defaultValue 1000
   */
  readonly maxFindings?: number;
  /** Called with each block that can be read, in order. Verification waits for it, and ends with the error that it throws. */
  readonly onBlock?: (block: VerifiedBlock) => Promise<void>;
  /** Called after about every megabyte, and once at the end. */
  readonly onProgress?: ((progress: VerificationProgress) => void) | undefined;
}
