// SPDX-License-Identifier: MIT
import type { Digest } from "@ledger-loader/journal";
import type { SuppliedProof } from "./anchor-check";

/** How far verification has come. */
export interface VerificationProgress {
  readonly blocks: number;
  readonly bytes: number;
  /** Bytes of all data objects that were found, as they are stored. */
  readonly totalBytes: number;
}

/** The anchors to verify against, and the way to verify. */
export interface VerifyExportOptions {
  /** The digest that is trusted, from `GetDigest`: see `parseDigest`. */
  readonly digest?: Digest | undefined;
  /** Proofs of blocks or revisions that are trusted. */
  readonly proofs?: readonly SuppliedProof[];
  /**
   * True if a ledger of this project wrote the journal, whose blocks cover more by hashes than QLDB's.
   * @defaultValue told by each block's entries; from the first such block on, all must be
   */
  readonly sealed?: boolean;
  /**
   * How many findings of each severity the report lists; all are counted.
   * @defaultValue 1000
   */
  readonly maxFindings?: number;
  /** Called after about every megabyte, and once at the end. */
  readonly onProgress?: (progress: VerificationProgress) => void;
}
