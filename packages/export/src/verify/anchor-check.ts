// SPDX-License-Identifier: MIT
import {
  type Block,
  type BlockAddress,
  type Digest,
  MerkleTree,
  type Proof,
  addressesEqual,
  foldProof,
  leadsThrough,
} from "@ledger-loader/journal";
import { type Hash, hashesEqual } from "@ledger-loader/ion";
import type { SequenceRange } from "../read/data-object-name";
import type { FindingLog } from "./finding-log";
import type { JournalEnd } from "./journal-end";
import { PeakNodes } from "./peak-nodes";
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

const MID_JOURNAL =
  "the export lacks a block between 0 and the digest's tip, and a digest is made from all of them; a proof of its last block would anchor it";
const FOREIGN_PROOF =
  "proof and digest do not belong together; request the proof with the tip address of this digest";

/** An anchor in the words of reports. */
type AnchorId = Pick<AnchorResult, "kind" | "blockAddress" | "documentId">;

/** The severity of the finding for an anchor that did not match. */
const SEVERITIES = { failed: "failed", unchecked: "incomplete", "not-comparable": "not-comparable" } as const;

const PREDICATES: Readonly<Record<keyof typeof SEVERITIES, string>> = {
  failed: "does not match",
  unchecked: "could not be checked",
  "not-comparable": "cannot be compared with the export",
};

/**
 * Follows an export block by block and checks the anchors that were supplied, in constant memory.
 *
 * A digest is recomputed from the hashes of all blocks from 0 to its tip. A proof anchors its block and, through the
 * chain, all blocks of the export before it.
 */
export class AnchorCheck {
  readonly #anchors: Anchors;
  readonly #log: FindingLog;
  readonly #tree: MerkleTree;
  readonly results: AnchorResult[] = [];
  /** The last block that reached an anchor. */
  anchoredThrough: number | undefined;

  /** @param before - the journal that the export continues. */
  constructor(anchors: Anchors, log: FindingLog, before?: JournalEnd) {
    this.#anchors = anchors;
    this.#log = log;
    const nodes = new PeakNodes();
    nodes.write(before?.nodes ?? []);
    this.#tree = new MerkleTree(nodes, before === undefined ? 0 : before.tip.blockAddress.sequenceNo + 1);
    for (const digest of before?.digests ?? []) this.#checkEarlier(digest);
  }

  /** True if a digest covers a block of the strand: then the block existed. */
  covers(strandId: string | undefined, sequenceNo: number): boolean {
    return this.#anchors.digests.some(
      ({ tipAddress }) => tipAddress.strandId === strandId && tipAddress.sequenceNo >= sequenceNo,
    );
  }

  /** The digest whose tip is block `last`, if all blocks from 0 to it are known. */
  digestThrough(strandId: string | undefined, last: number | undefined): Digest | undefined {
    if (strandId === undefined || last === undefined || this.#tree.size !== last + 1) return undefined;
    return { hash: this.#tree.root(), tipAddress: { strandId, sequenceNo: last } };
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
    for (const anchor of this.#listAnchors()) {
      if (!this.#isDone(anchor)) this.#miss(anchor, strandId, range);
    }
    const end = this.anchoredThrough;
    if (range && end !== undefined && end < range.last && strandId !== undefined) {
      this.#log.add({
        rule: "anchor-range",
        severity: "warning",
        message: `No digest or proof covers blocks ${end + 1} to ${range.last}: they are only consistent.`,
        blockAddress: { strandId, sequenceNo: end + 1 },
      });
    }
  }

  #listAnchors(): AnchorId[] {
    const { digests, proofs } = this.#anchors;
    return [
      ...digests.map(({ tipAddress }): AnchorId => ({ kind: "digest", blockAddress: tipAddress })),
      ...proofs.map(identify),
    ];
  }

  #isDone({ kind, blockAddress, documentId }: AnchorId): boolean {
    return this.results.some(
      (result) =>
        result.kind === kind &&
        result.documentId === documentId &&
        addressesEqual(result.blockAddress, blockAddress),
    );
  }

  /** Compares digests whose tip is before the export. They anchor no block of the export. */
  #checkEarlier(found: Digest): void {
    for (const { tipAddress, hash } of this.#anchors.digests) {
      if (!addressesEqual(tipAddress, found.tipAddress)) continue;
      const anchor: AnchorId = { kind: "digest", blockAddress: tipAddress };
      if (hashesEqual(hash, found.hash)) this.results.push({ ...anchor, status: "verified" });
      else this.#report("failed", anchor, "the ledger's blocks from 0 to its tip give another digest");
    }
  }

  #checkDigest({ tipAddress, hash }: Digest): void {
    const anchor: AnchorId = { kind: "digest", blockAddress: tipAddress };
    if (this.#tree.size !== tipAddress.sequenceNo + 1) this.#report("unchecked", anchor, MID_JOURNAL);
    else if (hashesEqual(this.#tree.root(), hash)) this.#verified(anchor);
    else this.#report("failed", anchor, "the blocks from 0 to its tip give another digest");
  }

  #checkProof(supplied: SuppliedProof, block: Block): void {
    const { proof, digest, documentId, start: answered } = supplied;
    const anchor = identify(supplied);
    const revision = block.revisions?.find(({ metadata }) => metadata?.id === documentId);
    const start = documentId === undefined ? block.blockHash : revision?.hash;
    if (digest.tipAddress.strandId !== block.blockAddress.strandId) {
      this.#report("not-comparable", anchor, "its digest is of another strand");
    } else if (answered !== undefined && !hashesEqual(foldProof(answered, proof), digest.hash)) {
      this.#report("not-comparable", anchor, FOREIGN_PROOF);
    } else if (start === undefined) {
      this.#report("failed", anchor, "the block holds no revision of that document");
    } else if (!leadsThrough(start, proof, block, digest)) {
      this.#report("failed", anchor, "it does not lead through the block's hash to its digest");
    } else {
      this.#verified(anchor);
    }
  }

  #verified(anchor: AnchorId): void {
    this.results.push({ ...anchor, status: "verified" });
    this.anchoredThrough = Math.max(this.anchoredThrough ?? 0, anchor.blockAddress.sequenceNo);
  }

  #miss(anchor: AnchorId, strandId: string | undefined, range: SequenceRange | undefined): void {
    const { strandId: ofAnchor, sequenceNo } = anchor.blockAddress;
    if (strandId !== undefined && ofAnchor !== strandId) {
      this.#report("not-comparable", anchor, `it is of strand ${ofAnchor}, the export of strand ${strandId}`);
    } else if (!range || sequenceNo > range.last) {
      // An export from before the digest looks the same as one whose end was cut off: no evidence.
      const end = range ? `ends with block ${range.last}` : "holds no block that could be read";
      this.#report("unchecked", anchor, `it is newer than the export, which ${end}`);
    } else if (sequenceNo < range.first) {
      this.#report("unchecked", anchor, `the export begins after it, with block ${range.first}`);
    } else {
      this.#report("unchecked", anchor, "the export lacks that block, or the block cannot be read");
    }
  }

  #report(status: keyof typeof SEVERITIES, anchor: AnchorId, reason: string): void {
    const { kind, blockAddress, documentId } = anchor;
    this.results.push({ ...anchor, status, reason });
    const name = kind === "digest" ? "digest with tip" : `${kind.replace("-", " ")} for`;
    this.#log.add({
      rule: kind === "digest" ? "digest" : "proof",
      severity: SEVERITIES[status],
      message: `The ${name} block ${blockAddress.sequenceNo} ${PREDICATES[status]}: ${reason}.`,
      blockAddress,
      documentId,
    });
  }
}

function identify({ blockAddress, documentId }: SuppliedProof): AnchorId {
  return documentId === undefined
    ? { kind: "block-proof", blockAddress }
    : { kind: "revision-proof", blockAddress, documentId };
}
