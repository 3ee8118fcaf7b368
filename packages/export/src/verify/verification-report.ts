// SPDX-License-Identifier: MIT
import type {
  Assurance,
  BlockAddress,
  Finding,
  FindingRule,
  RevisionTally,
  UncoveredField,
  Verdict,
} from "@ledger-loader/journal";
import type { SequenceRange } from "../read/data-object-name";
import type { FileHash } from "../read/object-content";

/** The rules that hold for an export beside those that hold for its blocks. */
export type ExportRule =
  /** A data object that the manifest lists is missing. */
  | "object-missing"
  /** A data object is not named as an export's objects are, or for another strand. */
  | "object-name"
  /** The range in an object's name is not that of its blocks. */
  | "object-range"
  /** An object's content is damaged, ends within a block, or is of another format. */
  | "object-content"
  /** The transaction changed documents, and the block holds none of their revisions. */
  | "revision-missing"
  /** The table of a revision's document is not said. */
  | "revision-table"
  /** The export holds no blocks. */
  | "no-blocks"
  /** Revisions that are redacted, in JSON, or have nothing but a hash: their content could not be checked. */
  | "unchecked-content"
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

/** The result of a supplied digest or proof. */
export interface AnchorResult {
  readonly kind: "digest" | "block-proof" | "revision-proof";
  /** The digest's tip, or the block that the proof is for. */
  readonly blockAddress: BlockAddress;
  readonly documentId?: string | undefined;
  /**
   * - `unchecked`: the export lacks blocks that the check needs.
   * - `not-comparable`: the anchor is of another strand, or proof and digest do not belong together.
   */
  readonly status: "verified" | "failed" | "unchecked" | "not-comparable";
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

/** A data object and the SHA-256 of its file. */
export interface DataObjectHash extends FileHash {
  /** Full key within the bucket. */
  readonly key: string;
}

/** The result of `verifyExport`. */
export interface VerificationReport {
  readonly verdict: Verdict;
  /** How far the verification reaches. `undefined` if the verdict is `failed` or blocks could not be read. */
  readonly assurance: Assurance | undefined;
  /** The start of the check, in ISO 8601. */
  readonly checkedAt: string;
  readonly ledgerName: string | undefined;
  /** The ids of the exports, in the order of their blocks. */
  readonly exportIds: readonly string[];
  readonly strandId: string | undefined;
  /** First and last block that was read; `undefined` if there was none. */
  readonly range: SequenceRange | undefined;
  /** The times of the first and the last block that was read, as the blocks give them. */
  readonly period: { readonly first: string; readonly last: string } | undefined;
  /** The first digest that was supplied: its hash in base64 and its tip as Ion text. `anchors` has all. */
  readonly digest: { readonly hash: string; readonly tipAddress: string } | undefined;
  /**
   * The digest that the blocks from 0 to the last give, recomputed: its hash in base64 and its tip as Ion text. `undefined`
   * if a block from 0 to the last is missing or cannot be read.
   */
  readonly journalDigest: { readonly hash: string; readonly tipAddress: string } | undefined;
  /** True if the journal's beginning is missing: the first block's link, and digests, cannot be recomputed then. */
  readonly startsMidJournal: boolean;
  readonly objects: number;
  readonly blocks: number;
  /** Bytes of the blocks as they stand in the data objects. */
  readonly bytes: number;
  readonly revisions: Readonly<RevisionCounts>;
  /** How revision hashes were verified; of deletions, which reading of QLDB's rules they match. */
  readonly tally: Readonly<RevisionTally>;
  /** Revisions without content to check: redacted, hash-only, in JSON, and deletions that match no known rule. */
  readonly linkedRevisions: number;
  readonly tables: readonly Readonly<TableCount>[];
  readonly anchors: readonly AnchorResult[];
  /** The last block that reaches an anchor, and all before it with it; `undefined` if none does. */
  readonly anchoredThrough: number | undefined;
  /** The first findings of each severity, in the order in which they were made. */
  readonly findings: readonly ExportFinding[];
  /** How many findings there were by rule, those that `findings` has no room for included. */
  readonly findingCounts: Readonly<Record<string, number>>;
  /** The fields that no hash covers: as trustworthy as the files themselves. */
  readonly uncoveredFields: readonly UncoveredField[];
  /** The manifests that were read, each with its SHA-256. */
  readonly manifests: readonly FileHash[];
  /** The data objects that were read, each with its SHA-256, in the journal's order. */
  readonly dataObjects: readonly DataObjectHash[];
}
