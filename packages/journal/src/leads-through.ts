// SPDX-License-Identifier: MIT
import { type Hash, hashesEqual } from "@ledger-loader/ion";
import type { Block } from "./block";
import type { Digest } from "./digest";
import { proofPlan } from "./merkle-tree";
import { type Proof, foldProof, verifyProof } from "./proof";

/**
 * True if a proof passes through the block's hash on its way to the digest, as a leaf at the block's place.
 *
 * Folding alone would accept a proof that belongs to another block.
 *
 * @param start - the hash of the block, or of one of its revisions.
 */
export function leadsThrough(start: Hash, proof: Proof, block: Block, { hash, tipAddress }: Digest): boolean {
  const { sequenceNo } = block.blockAddress;
  if (sequenceNo > tipAddress.sequenceNo) return false;
  const siblings = proofPlan(sequenceNo, tipAddress.sequenceNo + 1).length;
  const split = proof.length - siblings;
  if (split < 0) return false;
  const leaf = foldProof(start, proof.slice(0, split));
  return hashesEqual(leaf, block.blockHash) && verifyProof(leaf, proof.slice(split), hash);
}
