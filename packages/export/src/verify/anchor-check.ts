// SPDX-License-Identifier: MIT
import {
  type Block,
  type BlockAddress,
  CompactRange,
  type Digest,
  type Proof,
  addressesEqual,
  foldProof,
  leadsThrough,
} from "@ledger-loader/journal";
import { type Hash, formatHash, hashesEqual } from "@ledger-loader/ion";
import type { JournalEnd } from "./journal-end";
import type { PartAnchor, PartNode, PartTree } from "./part/verification-part";
import type { AnchorResult } from "./verification-report";

/** A proof from `GetBlock` or `GetRevision`, and the digest that it was requested for. */
export interface SuppliedProof {
  readonly blockAddress: BlockAddress;
  /** The document of a revision's proof. Absent: the proof of the block. */
  readonly documentId?: string | undefined;
  /** The hash of the block or revision in the same answer. It tells whether proof and digest belong together. */
  readonly start?: Hash;
  readonly proof: Proof;
  readonly digest: Digest;
}

/** The digests and proofs that are trusted. */
export interface Anchors {
  readonly digests: readonly Digest[];
  readonly proofs: readonly SuppliedProof[];
}

const FOREIGN_PROOF =
  "proof and digest do not belong together; request the proof with the tip address of this digest";

/**
 * Follows a run of an export block by block, notes what checking the digests takes, and checks the proofs. In constant memory.
 *
 * A digest is recomputed from the hashes of all blocks from 0 to its tip, which are of all parts: {@link AnchorResults} does that.
 */
export class AnchorCheck {
  readonly #anchors: Anchors;
  readonly #tree: CompactRange;
  readonly #found: PartAnchor[] = [];
  #isBroken = false;

  /**
   * @param treeStart - the block with which the run begins, by names and counting
   * @param before - the journal that the export continues
   */
  constructor(anchors: Anchors, treeStart: number, before?: JournalEnd) {
    this.#anchors = anchors;
    this.#tree = before === undefined ? new CompactRange(treeStart) : new CompactRange(0, before.nodes);
  }

  /** True if a digest covers a block of the strand: then the block existed. */
  covers(strandId: string | undefined, sequenceNo: number): boolean {
    return this.#anchors.digests.some(
      ({ tipAddress }) => tipAddress.strandId === strandId && tipAddress.sequenceNo >= sequenceNo,
    );
  }

  /** Takes the beginning of a data object. After a missing block, no digest can match by accident. */
  startObject(expected: number | undefined): void {
    if (expected !== undefined && expected !== this.#tree.end) this.#isBroken = true;
  }

  /** Takes the next block that could be read. */
  add(block: Block): void {
    const { sequenceNo } = block.blockAddress;
    if (sequenceNo === this.#tree.end && !this.#isBroken) this.#tree.append(block.blockHash);
    for (const [digest, { tipAddress }] of this.#anchors.digests.entries()) {
      if (!addressesEqual(tipAddress, block.blockAddress)) continue;
      const isWhole = !this.#isBroken && this.#tree.end === sequenceNo + 1;
      this.#found.push({ kind: "digest", digest, nodes: isWhole ? this.#nodes() : null });
    }
    for (const proof of this.#anchors.proofs) {
      if (!addressesEqual(proof.blockAddress, block.blockAddress)) continue;
      this.#found.push({ kind: "proof", result: checkProof(proof, block) });
    }
  }

  /** The anchors that were found in the run. */
  get found(): readonly PartAnchor[] {
    return this.#found;
  }

  /** The run of the tree of block hashes. */
  get tree(): PartTree {
    return { start: this.#tree.start, nodes: this.#nodes(), isBroken: this.#isBroken };
  }

  #nodes(): PartNode[] {
    return this.#tree.nodes.map(({ level, index, hash }) => ({ level, index, hash: formatHash(hash) }));
  }
}

/** An anchor in the words of reports. */
export type AnchorId = Pick<AnchorResult, "kind" | "blockAddress" | "documentId">;

/** The name of a proof in reports. */
export function identifyProof({ blockAddress, documentId }: SuppliedProof): AnchorId {
  return documentId === undefined
    ? { kind: "block-proof", blockAddress }
    : { kind: "revision-proof", blockAddress, documentId };
}

function checkProof(supplied: SuppliedProof, block: Block): AnchorResult {
  const { proof, digest, documentId, start: answered } = supplied;
  const anchor = identifyProof(supplied);
  const revision = block.revisions?.find(({ metadata }) => metadata?.id === documentId);
  const start = documentId === undefined ? block.blockHash : revision?.hash;
  if (digest.tipAddress.strandId !== block.blockAddress.strandId) {
    return { ...anchor, status: "not-comparable", reason: "its digest is of another strand" };
  }
  if (answered !== undefined && !hashesEqual(foldProof(answered, proof), digest.hash)) {
    return { ...anchor, status: "not-comparable", reason: FOREIGN_PROOF };
  }
  if (start === undefined) {
    return { ...anchor, status: "failed", reason: "the block holds no revision of that document" };
  }
  if (!leadsThrough(start, proof, block, digest)) {
    return { ...anchor, status: "failed", reason: "it does not lead through the block's hash to its digest" };
  }
  return { ...anchor, status: "verified" };
}
