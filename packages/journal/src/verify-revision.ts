// SPDX-License-Identifier: MIT
import type { Block } from "./block";
import { addressesEqual, formatBlockAddress } from "./block-address";
import { dot } from "./dot";
import type { Finding } from "./finding";
import { type Hash, type IonSlice, formatHash, hashIon, hashesEqual } from "@ledger-loader/ion";
import { NO_DATA_HASH } from "./revision";
import type { Revision } from "./revision";
import type { DocumentIds } from "./transaction-info";

/** How revisions were verified. Plain numbers, to be added up over many blocks. */
export interface RevisionTally {
  revisions: number;
  /** Hash recomputed from metadata and data. */
  recomputed: number;
  /** Hash recomputed from metadata and the hash that stands for redacted data. */
  redacted: number;
  /** Deletions by the reading of the rules that their hash matches. */
  deletedEmptyDigest: number;
  deletedMetadataOnly: number;
  /** Deletions whose hash matches neither reading. */
  deletedUnmatched: number;
  /** Revisions of which the block holds only the hash. */
  hashOnly: number;
  /** Revisions whose content lost its types, so that no hash of it can be recomputed. */
  unrecomputed: number;
}

/** A tally of nothing. */
export function emptyTally(): RevisionTally {
  return {
    revisions: 0,
    recomputed: 0,
    redacted: 0,
    deletedEmptyDigest: 0,
    deletedMetadataOnly: 0,
    deletedUnmatched: 0,
    hashOnly: 0,
    unrecomputed: 0,
  };
}

/** Adds `other` to `tally`. */
export function addTally(tally: RevisionTally, other: Readonly<RevisionTally>): void {
  for (const key of Object.keys(tally) as (keyof RevisionTally)[]) tally[key] += other[key];
}

/** A revision and what its block says about it. */
export interface RevisionContext {
  /** The block, or as much of it as is known. */
  readonly block: Pick<Block, "blockAddress" | "transactionId" | "blockTimestamp"> | undefined;
  readonly revision: Revision;
  /** Where the revision stands, for findings. */
  readonly path: string;
  /** True if our own ledger made the block, which has only one rule for deletions. */
  readonly sealed: boolean;
  /** True if the block is from JSON: see `VerifyBlockOptions.hashesOnly`. */
  readonly hashesOnly?: boolean;
  /** The documents that the block's transaction names, if it says. */
  readonly documentIds?: DocumentIds | undefined;
  readonly tally: RevisionTally;
}

/** Recomputes a revision's hash and compares what it repeats with its block. */
export function verifyRevision(context: RevisionContext, report: (finding: Finding) => void): void {
  const { revision, tally } = context;
  tally.revisions++;
  if (context.hashesOnly === true && revision.metadata !== undefined) tally.unrecomputed++;
  else if (revision.metadataIon !== undefined) verifyContent(context, revision.metadataIon, report);
  else if (revision.data === undefined && revision.dataHash === undefined) tally.hashOnly++;
  else
    add(context, report, "revision-content", "metadata", "Expected metadata beside the data, found none", {});
  compareWithBlock(context, report);
}

function verifyContent(
  context: RevisionContext,
  metadata: IonSlice,
  report: (finding: Finding) => void,
): void {
  const { revision, tally } = context;
  const metadataHash = hashIon(metadata);
  const dataHash = revision.data === undefined ? revision.dataHash : hashIon(revision.data);
  if (dataHash === undefined) {
    verifyDeletion(context, metadataHash, report);
    return;
  }
  if (revision.data === undefined) tally.redacted++;
  else tally.recomputed++;
  if (
    revision.data !== undefined &&
    revision.dataHash !== undefined &&
    !hashesEqual(dataHash, revision.dataHash)
  ) {
    add(context, report, "revision-content", "dataHash", "The data are not those that dataHash stands for", {
      expected: formatHash(dataHash),
      found: formatHash(revision.dataHash),
    });
  }
  requireHash(context, dot(metadataHash, dataHash), report);
}

function requireHash(context: RevisionContext, expected: Hash, report: (finding: Finding) => void): void {
  const { hash } = context.revision;
  if (hashesEqual(expected, hash)) return;
  add(context, report, "revision-hash", "hash", "The hash is not that of the revision's metadata and data", {
    expected: formatHash(expected),
    found: formatHash(hash),
  });
}

/** Two readings of the rules are possible for QLDB's deletions, and no real one was ever published to tell. */
function verifyDeletion(
  context: RevisionContext,
  metadataHash: Hash,
  report: (finding: Finding) => void,
): void {
  const { revision, tally, sealed } = context;
  const expected = dot(metadataHash, NO_DATA_HASH);
  if (hashesEqual(expected, revision.hash)) {
    tally.deletedEmptyDigest++;
    return;
  }
  if (sealed) {
    requireHash(context, expected, report);
    return;
  }
  if (hashesEqual(metadataHash, revision.hash)) {
    tally.deletedMetadataOnly++;
    return;
  }
  tally.deletedUnmatched++;
  const message = "The hash of the deletion matches neither reading of QLDB's rules";
  add(context, report, "delete-revision-hash", "hash", message, {
    severity: "incomplete",
    expected: `${formatHash(expected)} or ${formatHash(metadataHash)}`,
    found: formatHash(revision.hash),
  });
}

function compareWithBlock(context: RevisionContext, report: (finding: Finding) => void): void {
  const { block, revision, documentIds } = context;
  const { blockAddress, metadata } = revision;
  if (block === undefined) return;
  if (blockAddress !== undefined && !addressesEqual(blockAddress, block.blockAddress)) {
    add(
      context,
      report,
      "revision-address",
      "blockAddress",
      "The revision gives another block than it stands in",
      {
        expected: formatBlockAddress(block.blockAddress),
        found: formatBlockAddress(blockAddress),
      },
    );
  }
  if (metadata === undefined) return;
  if (metadata.txId !== block.transactionId) {
    const message = "The revision gives another transaction than its block";
    add(context, report, "revision-transaction", "metadata.txId", message, {
      expected: block.transactionId,
      found: metadata.txId,
    });
  }
  if (documentIds !== undefined && !documentIds.has(metadata.id)) {
    add(context, report, "revision-document", "metadata.id", "The transaction names no such document", {
      expected: "one of the ids in transactionInfo.documents",
      found: metadata.id,
    });
  }
  if (block.blockTimestamp.length === metadata.txTime.length && block.blockTimestamp < metadata.txTime) {
    add(context, report, "timestamp-order", "metadata.txTime", "The revision is younger than its block", {
      severity: "warning",
      expected: `${block.blockTimestamp} or earlier`,
      found: metadata.txTime,
    });
  }
}

function add(
  { block, revision, path }: RevisionContext,
  report: (finding: Finding) => void,
  rule: Finding["rule"],
  field: string,
  message: string,
  details: Partial<Finding>,
): void {
  const { metadata } = revision;
  const where = block === undefined ? "" : `Block ${block.blockAddress.sequenceNo}, `;
  const who = metadata === undefined ? path : `document ${metadata.id}, version ${metadata.version}`;
  report({
    rule,
    severity: "failed",
    message: `${where}${who}: ${message}.`,
    blockAddress: block?.blockAddress ?? revision.blockAddress,
    field: `${path}.${field}`,
    documentId: metadata?.id,
    version: metadata?.version,
    ...details,
  });
}
