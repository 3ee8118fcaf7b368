// SPDX-License-Identifier: MIT
import { CompactRange, type Digest, type MerkleNode, addressesEqual } from "@ledger-loader/journal";
import { hashesEqual } from "@ledger-loader/ion";
import type { SequenceRange } from "../read/data-object-name";
import { type AnchorId, type Anchors, identifyProof } from "./anchor-check";
import type { FindingLog } from "./finding-log";
import type { JournalEnd } from "./journal-end";
import type { PartNode, VerificationPart } from "./part/verification-part";
import type { AnchorResult } from "./verification-report";

const MID_JOURNAL =
  "the export lacks a block between 0 and the digest's tip, and a digest is made from all of them; a proof of its last block would anchor it";

/** The severity of the finding for an anchor that did not match. */
const SEVERITIES = { failed: "failed", unchecked: "incomplete", "not-comparable": "not-comparable" } as const;

const PREDICATES: Readonly<Record<keyof typeof SEVERITIES, string>> = {
  failed: "does not match",
  unchecked: "could not be checked",
  "not-comparable": "cannot be compared with the export",
};

/**
 * Joins the parts' runs of the tree of block hashes, recomputes the digests, and says what became of each anchor.
 *
 * A proof anchors its block and, through the chain, all blocks of the export before it.
 */
export class AnchorResults {
  readonly #anchors: Anchors;
  /** The tree from block 0 on. `undefined` after a missing block. */
  #tree: CompactRange | undefined;
  readonly results: AnchorResult[] = [];
  /** The last block that reached an anchor. */
  anchoredThrough: number | undefined;

  /** @param before - the journal that the export continues */
  constructor(anchors: Anchors, before?: JournalEnd) {
    this.#anchors = anchors;
    this.#tree = new CompactRange();
    for (const digest of before?.digests ?? []) this.#checkEarlier(digest);
  }

  /** Takes the next part. */
  add({ anchors, tree }: Pick<VerificationPart, "anchors" | "tree">): void {
    const before = this.#tree?.end === tree.start ? this.#tree : undefined;
    for (const anchor of anchors) {
      if (anchor.kind === "proof") this.#addResult(anchor.result);
      else this.#checkDigest(anchor.digest, before, anchor.nodes);
    }
    this.#tree = before === undefined || tree.isBroken ? undefined : joined(before, tree.nodes);
  }

  /** The digest whose tip is block `last`, if all blocks from 0 to it are known. */
  digestThrough(strandId: string | undefined, last: number | undefined): Digest | undefined {
    if (strandId === undefined || last === undefined || this.#tree?.end !== last + 1) return undefined;
    return { hash: this.#tree.root(), tipAddress: { strandId, sequenceNo: last } };
  }

  /** Adds the findings about anchors, also about those that no block of the export met. */
  finish(log: FindingLog, strandId: string | undefined, range: SequenceRange | undefined): void {
    for (const anchor of this.#listAnchors()) {
      if (!this.#isDone(anchor)) this.results.push(missed(anchor, strandId, range));
    }
    for (const result of this.results) report(result, log);
    const end = this.anchoredThrough;
    if (range && end !== undefined && end < range.last && strandId !== undefined) {
      log.add({
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
      ...proofs.map(identifyProof),
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
      const reason = "the ledger's blocks from 0 to its tip give another digest";
      if (hashesEqual(hash, found.hash)) this.results.push({ ...anchor, status: "verified" });
      else this.results.push({ ...anchor, status: "failed", reason });
    }
  }

  #checkDigest(index: number, before: CompactRange | undefined, nodes: readonly PartNode[] | null): void {
    const digest = this.#anchors.digests[index];
    if (digest === undefined) return;
    const anchor: AnchorId = { kind: "digest", blockAddress: digest.tipAddress };
    if (before === undefined || nodes === null) {
      this.#addResult({ ...anchor, status: "unchecked", reason: MID_JOURNAL });
    } else if (hashesEqual(joined(before, nodes).root(), digest.hash)) {
      this.#addResult({ ...anchor, status: "verified" });
    } else {
      const reason = "the blocks from 0 to its tip give another digest";
      this.#addResult({ ...anchor, status: "failed", reason });
    }
  }

  #addResult(result: AnchorResult): void {
    this.results.push(result);
    if (result.status !== "verified") return;
    this.anchoredThrough = Math.max(this.anchoredThrough ?? 0, result.blockAddress.sequenceNo);
  }
}

function joined(before: CompactRange, nodes: readonly PartNode[]): CompactRange {
  const tree = new CompactRange(0, before.nodes);
  tree.extend(
    nodes.map(({ level, index, hash }): MerkleNode => ({
      level,
      index,
      hash: new Uint8Array(Buffer.from(hash, "base64")),
    })),
  );
  return tree;
}

function missed(
  anchor: AnchorId,
  strandId: string | undefined,
  range: SequenceRange | undefined,
): AnchorResult {
  const { strandId: ofAnchor, sequenceNo } = anchor.blockAddress;
  if (strandId !== undefined && ofAnchor !== strandId) {
    const reason = `it is of strand ${ofAnchor}, the export of strand ${strandId}`;
    return { ...anchor, status: "not-comparable", reason };
  }
  return { ...anchor, status: "unchecked", reason: whyMissed(sequenceNo, range) };
}

function whyMissed(sequenceNo: number, range: SequenceRange | undefined): string {
  if (!range || sequenceNo > range.last) {
    // An export from before the digest looks the same as one whose end was cut off: no evidence.
    const end = range ? `ends with block ${range.last}` : "holds no block that could be read";
    return `it is newer than the export, which ${end}`;
  }
  return sequenceNo < range.first
    ? `the export begins after it, with block ${range.first}`
    : "the export lacks that block, or the block cannot be read";
}

function report({ kind, blockAddress, documentId, status, reason }: AnchorResult, log: FindingLog): void {
  if (status === "verified") return;
  const name = kind === "digest" ? "digest with tip" : `${kind.replace("-", " ")} for`;
  log.add({
    rule: kind === "digest" ? "digest" : "proof",
    severity: SEVERITIES[status],
    message: `The ${name} block ${blockAddress.sequenceNo} ${PREDICATES[status]}: ${reason ?? "no reason is known"}.`,
    blockAddress,
    documentId,
  });
}
