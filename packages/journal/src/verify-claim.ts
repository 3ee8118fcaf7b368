// SPDX-License-Identifier: MIT
import type { BlockAddress } from "./address";
import type { Block } from "./block";
import { hashesEqual, type Hash } from "@ledger-loader/ion";
import type { Finding } from "./finding";
import { proofPlan } from "./merkle-tree";
import { leadsThrough } from "./leads-through";
import { type Proof, foldProof } from "./proof";
import type { Revision } from "./revision";
import type { ReceiptDigest, ReceiptSubject } from "./receipt";
import { SealedBlocks } from "./sealed-blocks";
import { UNCOVERED_FIELDS, type UncoveredField, uncoveredFields } from "./uncovered-fields";
import { type Verdict, heaviestVerdict } from "./verdict";
import { verifyBlock } from "./verify-block";
import { type RevisionTally, emptyTally, verifyRevision } from "./verify-revision";

/** A proof with the block or revision from which it begins and the digest to which it must lead. */
export interface ProofClaim {
  readonly subject: ReceiptSubject;
  readonly proof: Proof;
  readonly digest: ReceiptDigest;
}

/** How much of what is proven was there to be hashed. */
export type ProvenContent =
  /** All of it, and its hash is the one that is proven. */
  | "recomputed"
  /** A part is redacted, or QLDB wrote its hash alone. */
  | "partly-hidden"
  /** Only the hash was kept. */
  | "hash-only";

/** The result of verifying one proof. */
export interface ClaimVerification {
  readonly verdict: Verdict;
  readonly kind: "block" | "revision" | "hash";
  readonly blockAddress: BlockAddress | undefined;
  readonly documentId: string | undefined;
  readonly version: number | undefined;
  /** The hash that is proven. */
  readonly hash: Hash;
  readonly digest: ReceiptDigest;
  /** Why the proof does not lead from the hash to the digest. */
  readonly reason: string | undefined;
  readonly content: ProvenContent;
  /** The contradictions in the content. */
  readonly findings: readonly Finding[];
  readonly uncoveredFields: readonly UncoveredField[];
}

/** Where a subject stands and what it is, as far as it says. */
interface Identity {
  readonly hash: Hash;
  readonly blockAddress: BlockAddress | undefined;
  readonly documentId?: string | undefined;
  readonly version?: number | undefined;
}

/**
 * Verifies one proof offline: recomputes the hashes of the block or revision from its content, and follows the proof to the
 * digest. Uses nothing but what it is given.
 */
export function verifyClaim(claim: ProofClaim): ClaimVerification {
  const { subject, digest } = claim;
  const { hash, blockAddress, documentId, version } = identify(subject);
  const path = followProof(claim);
  const content = verifyContent(subject);
  const severities = content.findings.flatMap(({ severity }) => (severity === "warning" ? [] : severity));
  const isHidden = content.content === "partly-hidden";
  return {
    verdict: heaviestVerdict([path.verdict, ...severities, isHidden ? "incomplete" : "passed"]),
    kind: subject.kind,
    blockAddress,
    documentId,
    version,
    hash,
    digest,
    reason: path.reason,
    ...content,
    uncoveredFields: [...content.uncoveredFields, ...PROOF_UNCOVERED],
  };
}

function identify(subject: ReceiptSubject): Identity {
  switch (subject.kind) {
    case "block":
      return { hash: subject.block.blockHash, blockAddress: subject.block.blockAddress };
    case "revision": {
      const { hash, blockAddress = subject.block?.blockAddress, metadata } = subject.revision;
      return { hash, blockAddress, documentId: metadata?.id, version: metadata?.version };
    }
    case "hash":
      return subject;
  }
}

/** The end of a proof's path: `reason` says why it is not the digest. */
export interface ProofPath {
  readonly verdict: Verdict;
  readonly reason?: string;
}

/** Follows a proof to its digest, and checks that it does so from the place that the subject says. */
export function followProof({ subject, proof, digest }: ProofClaim): ProofPath {
  const { hash, blockAddress } = identify(subject);
  const tip = digest.tipAddress;
  if (blockAddress !== undefined && tip !== undefined) {
    if (blockAddress.strandId !== tip.strandId) {
      const reason = `the digest is of strand ${tip.strandId}, the receipt of strand ${blockAddress.strandId}`;
      return { verdict: "not-comparable", reason };
    }
    if (blockAddress.sequenceNo > tip.sequenceNo) {
      const reason = `the digest ends with block ${tip.sequenceNo}, before block ${blockAddress.sequenceNo}`;
      return { verdict: "not-comparable", reason };
    }
  }
  if (!hashesEqual(foldProof(hash, proof), digest.hash)) {
    return { verdict: "failed", reason: OTHER_DIGEST };
  }
  return standsInPlace({ subject, proof, digest })
    ? { verdict: "passed" }
    : { verdict: "failed", reason: "it leads to the digest from another place than that of the block" };
}

const OTHER_DIGEST =
  "it does not lead to the digest: what is proven, the proof or the digest was changed, or the proof was requested for the digest of another tip";

/** True if the proof's path to the digest can be that of the block: it has as many steps, and those that QLDB's has. */
function standsInPlace({ subject, proof, digest }: ProofClaim): boolean {
  const { hash, blockAddress } = identify(subject);
  const { tipAddress } = digest;
  if (blockAddress === undefined || tipAddress === undefined) return true;
  const block = subject.kind === "hash" ? undefined : subject.block;
  if (block !== undefined) return leadsThrough(hash, proof, block, { hash: digest.hash, tipAddress });
  const { sequenceNo } = blockAddress;
  const inBlock = proof.length - proofPlan(sequenceNo, tipAddress.sequenceNo + 1).length;
  return leavesBlock(proof, inBlock, sequenceNo);
}

/** True if so many steps can lead from a revision to the hash of its block, which are followed by those in the tree. */
function leavesBlock(proof: Proof, inBlock: number, sequenceNo: number): boolean {
  if (sequenceNo === 0) return inBlock >= 0;
  const [link, neighbour] = [proof[inBlock - 1], proof[inBlock]];
  if (link === undefined) return false;
  // In a block of an odd number the hash of the block before is the link and the neighbour in the tree.
  return sequenceNo % 2 === 0 || (neighbour !== undefined && hashesEqual(link, neighbour));
}

/** The result of hashing a subject's content. */
type VerifiedContent = Pick<ClaimVerification, "content" | "findings" | "uncoveredFields">;

function verifyContent(subject: ReceiptSubject): VerifiedContent {
  if (subject.kind === "hash")
    return { content: "hash-only", findings: [], uncoveredFields: [ADDRESS_ALONE] };
  if (subject.kind === "block") return verifyWhole(subject.block);
  return subject.block === undefined ? verifyAlone(subject.revision) : verifyWhole(subject.block);
}

function verifyWhole(block: Block): VerifiedContent {
  const sealed = new SealedBlocks(undefined).test(block);
  const { findings, tally } = verifyBlock(block, { sealed });
  const names = uncoveredFields(block, { hasNeighbour: false, sealed });
  const uncovered = UNCOVERED_FIELDS.filter(({ field }) => names.includes(field));
  return { content: contentOf(tally), findings, uncoveredFields: uncovered };
}

function verifyAlone(revision: Revision): VerifiedContent {
  const findings: Finding[] = [];
  const tally = emptyTally();
  const context = { block: undefined, revision, path: "revision", sealed: false, tally };
  verifyRevision(context, (finding) => {
    findings.push(finding);
  });
  return { content: contentOf(tally), findings, uncoveredFields: [ADDRESS_ALONE] };
}

function contentOf({ redacted, hashOnly }: RevisionTally): ProvenContent {
  return redacted + hashOnly > 0 ? "partly-hidden" : "recomputed";
}

const ADDRESS_ALONE: UncoveredField = {
  field: "blockAddress",
  when: "of a revision or hash without its block",
  reason:
    "No hash includes it. The proof's shape tells the sequence number in part, and the digest repeats the strand.",
};

/** The fields that no proof covers, besides those that no block covers. */
const PROOF_UNCOVERED: readonly UncoveredField[] = [
  {
    field: "DigestTipAddress.sequenceNo",
    when: "in every digest",
    reason: "No hash includes it. The proof's shape tells it in part.",
  },
];
