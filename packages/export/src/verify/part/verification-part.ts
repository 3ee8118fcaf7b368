// SPDX-License-Identifier: MIT
import type { BlockAddress, FindingSeverity, RevisionTally } from "@ledger-loader/journal";
import type { SequenceRange } from "../../read/data-object-name";
import type {
  AnchorResult,
  DataObjectHash,
  ExportFinding,
  RevisionCounts,
  TableCount,
} from "../verification-report";

/** A run of data objects, by their places in the manifests' lists; `to` is behind the last. */
export interface ObjectRun {
  readonly from: number;
  readonly to: number;
}

/** The first findings of each severity, with the counts of all. */
export interface FindingSegment {
  readonly findings: readonly ExportFinding[];
  readonly totals: Readonly<Record<FindingSeverity, number>>;
  /** By rule. */
  readonly counts: Readonly<Record<string, number>>;
}

/** A block that the next one must continue; the hash in base64. */
export interface PartTip {
  readonly blockAddress: BlockAddress;
  readonly blockHash: string;
  readonly blockTimestamp: string;
}

/** A complete node of the tree of block hashes; the hash in base64. */
export interface PartNode {
  readonly level: number;
  readonly index: number;
  readonly hash: string;
}

/** How the first block was verified, under one reading of what it is. */
export interface OpeningVerification {
  readonly findings: readonly ExportFinding[];
  readonly tally: Readonly<RevisionTally>;
}

/** The first block of a part that could be read, and what depends on the blocks before the part. */
export interface PartOpening {
  readonly blockAddress: BlockAddress;
  /** In base64. */
  readonly previousBlockHash?: string | undefined;
  readonly blockTimestamp: string;
  /** The data object that holds the block. */
  readonly key: string;
  /** The number that the block must have by names and counting. */
  readonly expected?: number | undefined;
  /** False if something unreadable lies between the part's beginning and the block. */
  readonly isLinked: boolean;
  /** True if the block's own entries tell that a ledger of this project made it. */
  readonly isSealed: boolean;
  readonly alone: OpeningVerification;
  /** The same after a block of this project's ledger; absent if that makes no difference. */
  readonly afterSealed?: OpeningVerification | undefined;
}

/** The result of an anchor within a part. */
export type PartAnchor =
  /** The tip of a digest: the nodes from the part's first block to the tip; `null` if one of the blocks is missing. */
  | { readonly kind: "digest"; readonly digest: number; readonly nodes: readonly PartNode[] | null }
  /** A proof, which needs no block but its own. */
  | { readonly kind: "proof"; readonly result: AnchorResult };

/** The part's run of the tree of block hashes. */
export interface PartTree {
  /** The first block of the run, by names and counting. */
  readonly start: number;
  readonly nodes: readonly PartNode[];
  /** True if a block is missing: no digest after it can be recomputed. */
  readonly isBroken: boolean;
}

/**
 * The verification of a run of data objects by itself: all that joining it with the parts before and after takes.
 *
 * Plain JSON. Holds no document content.
 */
export interface VerificationPart {
  readonly objects: ObjectRun;
  /** Findings before the opening; all of them if there is none. */
  readonly before: FindingSegment;
  readonly opening?: PartOpening | undefined;
  readonly after: FindingSegment;
  /** The last block that was read; `null` after something unreadable, `unchanged` if the part holds nothing. */
  readonly tip: PartTip | "unchanged" | null;
  /** True if the last block that was read says that a ledger of this project made it. Absent without a block. */
  readonly endsSealed?: boolean | undefined;
  /** True if a block but the opening is one of QLDB's. */
  readonly hasUnsealed: boolean;
  readonly range?: SequenceRange | undefined;
  readonly period?: { readonly first: string; readonly last: string } | undefined;
  readonly blocks: number;
  readonly bytes: number;
  readonly revisions: Readonly<RevisionCounts>;
  /** Without the opening's. */
  readonly tally: Readonly<RevisionTally>;
  /** In the order of their first revisions. */
  readonly tables: readonly Readonly<TableCount>[];
  readonly dataObjects: readonly DataObjectHash[];
  readonly anchors: readonly PartAnchor[];
  readonly tree: PartTree;
}
