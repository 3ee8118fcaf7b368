// SPDX-License-Identifier: MIT
import type {
  BlockAddress,
  Finding,
  FindingRule,
  RevisionTally,
  UncoveredField,
} from "@ledger-loader/journal";
import type { SequenceRange } from "./data-object-name";

/**
 * What verification could say about an export, from best to worst:
 *
 * - `anchored`: consistent, and every block up to the last reaches a digest or proof that was supplied.
 * - `consistent`: everything that can be recomputed recomputes, and the chain holds. Whoever can write all files can
 *   also make them consistent: only an anchor says that they are QLDB's.
 * - `linked`: the chain holds, but something that should be tied to a hash is not: deletions whose hash follows no
 *   rule that is known, revisions whose table the export does not say.
 * - `broken`: something does not hold. The findings of severity `broken` say what and where.
 *
 * Redacted and hash-only revisions have no content that could be checked. They are counted as linked and do not
 * lower the grade.
 */
export type Grade = "anchored" | "consistent" | "linked" | "broken";

/** The rules that hold for an export beside those that hold for its blocks. */
export type ExportRule =
  /** A data object that the manifest lists is missing. */
  | "object-missing"
  /** A data object is not named as an export's objects are, or for another strand. */
  | "object-name"
  /** The range in an object's name is not that of its blocks. */
  | "object-range"
  /** An object's content is not Ion, or ends within a block. */
  | "object-content"
  /** The transaction changed documents, and the block holds none of their revisions. */
  | "revision-missing"
  /** The table of a revision's document is not said. */
  | "revision-table"
  /** The export holds no blocks. */
  | "no-blocks"
  /** A supplied digest does not match, or cannot be checked. */
  | "digest"
  /** A supplied proof does not match, or cannot be checked. */
  | "proof"
  /** Blocks at the end that no anchor reaches. */
  | "anchor-range";

/** Something that verification found. Never holds document content. */
export interface ExportFinding extends Omit<Finding, "rule" | "field"> {
  readonly rule: FindingRule | ExportRule;
  /** The field at fault, as a path from the block. */
  readonly field?: string;
  /** Full key of the data object. */
  readonly key?: string;
  /**
   * The block. Of one that cannot be read, or is missing, the address that it should have.
   */
  readonly blockAddress?: BlockAddress | undefined;
}

/** What became of a digest or proof that was supplied. */
export interface AnchorResult {
  readonly kind: "digest" | "block-proof" | "revision-proof";
  /** The digest's tip, or the block that the proof is for. */
  readonly blockAddress: BlockAddress;
  readonly documentId?: string | undefined;
  /** `unchecked`: the export does not hold what would be needed. */
  readonly status: "verified" | "failed" | "unchecked";
  /** Why it is not verified. */
  readonly reason?: string;
}

/** A table that occurs in the export, and the revisions of its documents. */
export interface TableCount {
  readonly tableId: string;
  readonly tableName: string;
  revisions: number;
}

/** Revisions by what they hold. */
export interface RevisionCounts {
  /** Inserts and updates. */
  data: number;
  /** Deletions: metadata only. */
  delete: number;
  /** `dataHash` instead of data. */
  redacted: number;
  /** A hash and nothing else: QLDB's own revisions. */
  "hash-only": number;
}

/** The result of `verifyExport`. */
export interface VerificationReport {
  readonly grade: Grade;
  readonly ledgerName: string | undefined;
  readonly strandId: string | undefined;
  /** First and last block that was read; `undefined` if there was none. */
  readonly range: SequenceRange | undefined;
  /** Whether the journal's beginning is missing: the first block's link, and digests, cannot be recomputed then. */
  readonly startsMidJournal: boolean;
  readonly objects: number;
  readonly blocks: number;
  /** Bytes of the blocks as they stand in the data objects. */
  readonly bytes: number;
  readonly revisions: Readonly<RevisionCounts>;
  /** How revision hashes were verified; of deletions, which reading of QLDB's rules they match. */
  readonly tally: Readonly<RevisionTally>;
  /** Revisions without content to check: redacted, hash-only, and deletions that match no known rule. */
  readonly linkedRevisions: number;
  readonly tables: readonly Readonly<TableCount>[];
  readonly anchors: readonly AnchorResult[];
  /** The last block that reaches an anchor, and all before it with it; `undefined` if none does. */
  readonly anchoredThrough: number | undefined;
  /** The first findings of each severity, in the order in which they were made. */
  readonly findings: readonly ExportFinding[];
  /** How many findings there were by rule, those that `findings` has no room for included. */
  readonly findingCounts: Readonly<Record<string, number>>;
  /** What no hash covers: as trustworthy as the files themselves. */
  readonly uncoveredFields: readonly UncoveredField[];
}
