// SPDX-License-Identifier: MIT
import type { Digest } from "@ledger-loader/journal";
import type { SuppliedProof } from "./anchor-check";
import { ExportVerifier } from "./export-verifier";
import type { JournalExport } from "./journal-export";
import type { VerificationReport } from "./verification-report";

/** How far verification has come. */
export interface VerificationProgress {
  readonly blocks: number;
  readonly bytes: number;
  /** Bytes of all data objects that were found. */
  readonly totalBytes: number;
}

/** What to verify against, and how. */
export interface VerifyExportOptions {
  /** The digest that is trusted, from `GetDigest`: see `parseDigest`. */
  readonly digest?: Digest;
  /** Proofs of blocks or revisions that are trusted. */
  readonly proofs?: readonly SuppliedProof[];
  /**
   * Whether a ledger of this project wrote the journal, whose blocks cover more by hashes than QLDB's.
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

/**
 * Recomputes all that can be recomputed of an export, compares all that it says twice, and checks it against what is
 * trusted. Streams: memory grows with neither export nor data object.
 *
 * Damage is reported, not thrown: missing and malformed objects too. Throws `UnsupportedFormatError` for JSON.
 *
 * A digest can be checked if the export holds every block from 0 to the digest's tip. If the export ends before the tip,
 * it is `broken`: an export from before the digest looks the same as one whose end was cut off. If it begins
 * later than block 0, the digest stays unchecked (a warning) and only a proof can anchor it.
 */
export async function verifyExport(
  source: JournalExport,
  options: VerifyExportOptions = {},
): Promise<VerificationReport> {
  return new ExportVerifier(source, options).run();
}
