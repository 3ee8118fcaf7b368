// SPDX-License-Identifier: MIT
import {
  type Block,
  type BlockAddress,
  type Digest,
  MerkleTree,
  type Proof,
  addressesEqual,
  dot,
  proofPlan,
} from "@ledger-loader/journal";
import { type Hash, hashesEqual } from "@ledger-loader/ion";
import type { SequenceRange } from "./data-object-name";
import type { FindingLog } from "./finding-log";
import { PeakNodes } from "./peak-nodes";
import type { AnchorResult } from "./verification-report";

/** A proof from `GetBlock` or `GetRevision`, and the digest that it was asked for. */
export interface SuppliedProof {
  readonly blockAddress: BlockAddress;
  /** The document, for the proof of a revision; without it, it is the proof of the block. */
  readonly documentId?: string;
  readonly proof: Proof;
  readonly digest: Digest;
}

/** What is trusted. */
export interface Anchors {
  readonly digests: readonly Digest[];
  readonly proofs: readonly SuppliedProof[];
}

const MID_JOURNAL =
  "the export does not hold every block from 0 to the digest's tip, from which the digest is made; a proof of its last block would anchor it";

/**
 * Follows an export block by block and checks the anchors that were supplied, in constant memory.
 *
 * A digest is recomputed from the hashes of all blocks from 0 to its tip. A proof anchors its block and, through the
 * chain, all blocks of the export before it.
 */
export class AnchorCheck {
  readonly #anchors: Anchors;
  readonly #log: FindingLog;
  readonly #tree = new MerkleTree(new PeakNodes());
  readonly results: AnchorResult[] = [];
  /** The last block that reached an anchor. */
  anchoredThrough: number | undefined;

  constructor(anchors: Anchors, log: FindingLog) {
    this.#anchors = anchors;
    this.#log = log;
  }

  /** Takes the next block that could be read. */
  add(block: Block): void {
    const { sequenceNo } = block.blockAddress;
    // After a gap the tree stays behind, so that no digest beyond it can match by accident.
    if (sequenceNo === this.#tree.size) this.#tree.append(block.blockHash);
    for (const digest of this.#anchors.digests) {
      if (addressesEqual(digest.tipAddress, block.blockAddress)) this.#checkDigest(digest);
    }
    for (const proof of this.#anchors.proofs) {
      if (addressesEqual(proof.blockAddress, block.blockAddress)) this.#checkProof(proof, block);
    }
  }

  /** Reports the anchors that no block of the export met. */
  finish(strandId: string | undefined, range: SequenceRange | undefined): void {
    const { digests, proofs } = this.#anchors;
    for (const { tipAddress } of digests) {
      if (!this.#isDone("digest", tipAddress)) this.#miss("digest", tipAddress, undefined, strandId, range);
    }
    for (const { blockAddress, documentId } of proofs) {
      const kind = documentId === undefined ? "block-proof" : "revision-proof";
      if (!this.#isDone(kind, blockAddress)) this.#miss(kind, blockAddress, documentId, strandId, range);
    }
    const end = this.anchoredThrough;
    if (range && end !== undefined && end < range.last && strandId !== undefined) {
      this.#log.add({
        rule: "anchor-range",
        severity: "warning",
        message: `Blocks ${end + 1} to ${range.last} come after the last block that was anchored: they are only consistent.`,
        blockAddress: { strandId, sequenceNo: end + 1 },
      });
    }
  }

  #isDone(kind: AnchorResult["kind"], address: BlockAddress): boolean {
    return this.results.some(
      (result) => result.kind === kind && addressesEqual(result.blockAddress, address),
    );
  }

  #checkDigest({ tipAddress, hash }: Digest): void {
    if (this.#tree.size !== tipAddress.sequenceNo + 1) {
      this.#unchecked("digest", tipAddress, undefined, MID_JOURNAL);
    } else if (hashesEqual(this.#tree.root(), hash)) {
      this.#verified("digest", tipAddress, undefined);
    } else {
      this.#failed("digest", tipAddress, undefined, "the blocks from 0 to its tip give another digest");
    }
  }

  #checkProof({ proof, digest, documentId, blockAddress }: SuppliedProof, block: Block): void {
    const kind = documentId === undefined ? "block-proof" : "revision-proof";
    const revision = block.revisions?.find(({ metadata }) => metadata?.id === documentId);
    const start = documentId === undefined ? block.blockHash : revision?.hash;
    if (start === undefined) {
      this.#failed(kind, blockAddress, documentId, "the block holds no revision of that document");
    } else if (digest.tipAddress.strandId !== blockAddress.strandId) {
      this.#failed(kind, blockAddress, documentId, "its digest is of another strand");
    } else if (!leadsThrough(start, proof, block, digest)) {
      this.#failed(kind, blockAddress, documentId, "it does not lead through the block's hash to its digest");
    } else {
      this.#verified(kind, blockAddress, documentId);
    }
  }

  #verified(kind: AnchorResult["kind"], blockAddress: BlockAddress, documentId: string | undefined): void {
    this.results.push({ kind, blockAddress, documentId, status: "verified" });
    this.anchoredThrough = Math.max(this.anchoredThrough ?? 0, blockAddress.sequenceNo);
  }

  #failed(
    kind: AnchorResult["kind"],
    blockAddress: BlockAddress,
    documentId: string | undefined,
    why: string,
  ): void {
    this.results.push({ kind, blockAddress, documentId, status: "failed", reason: why });
    this.#report("broken", kind, blockAddress, documentId, `does not verify: ${why}`);
  }

  #unchecked(
    kind: AnchorResult["kind"],
    blockAddress: BlockAddress,
    documentId: string | undefined,
    why: string,
  ): void {
    this.results.push({ kind, blockAddress, documentId, status: "unchecked", reason: why });
    this.#report("warning", kind, blockAddress, documentId, `cannot be checked: ${why}`);
  }

  #miss(
    kind: AnchorResult["kind"],
    address: BlockAddress,
    documentId: string | undefined,
    strandId: string | undefined,
    range: SequenceRange | undefined,
  ): void {
    if (strandId !== undefined && address.strandId !== strandId) {
      this.#failed(kind, address, documentId, `it is of another strand than the export, ${strandId}`);
    } else if (!range || address.sequenceNo > range.last) {
      // Blocks that were cut off at the end look the same as an export that was made before the digest.
      const end = range ? `ends with block ${range.last}` : "holds no blocks";
      this.#failed(
        kind,
        address,
        documentId,
        `the export ${end}: the blocks up to ${address.sequenceNo} are missing`,
      );
    } else if (address.sequenceNo < range.first) {
      this.#unchecked(kind, address, documentId, `the export begins after it, with block ${range.first}`);
    } else {
      this.#unchecked(kind, address, documentId, "the export lacks that block, or it cannot be read");
    }
  }

  #report(
    severity: "broken" | "warning",
    kind: AnchorResult["kind"],
    blockAddress: BlockAddress,
    documentId: string | undefined,
    what: string,
  ): void {
    const name = kind === "digest" ? "digest with tip" : `${kind.replace("-", " ")} for`;
    this.#log.add({
      rule: kind === "digest" ? "digest" : "proof",
      severity,
      message: `The ${name} block ${blockAddress.sequenceNo} ${what}.`,
      blockAddress,
      documentId,
    });
  }
}

/**
 * Whether the proof passes through the block's hash on its way to the digest, as a leaf at the block's place.
 *
 * Folding alone would accept a proof that belongs to another block.
 */
function leadsThrough(start: Hash, proof: Proof, block: Block, { hash, tipAddress }: Digest): boolean {
  const { sequenceNo } = block.blockAddress;
  if (sequenceNo > tipAddress.sequenceNo) return false;
  const siblings = proofPlan(sequenceNo, tipAddress.sequenceNo + 1).length;
  const split = proof.length - siblings;
  if (split < 0) return false;
  const leaf = proof.slice(0, split).reduce(dot, start);
  return hashesEqual(leaf, block.blockHash) && hashesEqual(proof.slice(split).reduce(dot, leaf), hash);
}
