// SPDX-License-Identifier: MIT
import type { Block } from "./block";
import { revisionRoot } from "./build-block";
import { dot } from "./dot";
import { type Hash, hashesEqual } from "@ledger-loader/ion";
import { MissingNodeError } from "./journal-errors";
import { MerkleTree } from "./merkle-tree";

/** Hashes that lead from a block's or a revision's hash to a digest, in order. */
export type Proof = readonly Hash[];

/** True if folding `proof` into `start`, the hash of a block or revision, gives `digest`. */
export function verifyProof(start: Hash, proof: Proof, digest: Hash): boolean {
  return hashesEqual(foldProof(start, proof), digest);
}

/** The digest to which `proof` leads from `start`. */
export function foldProof(start: Hash, proof: Proof): Hash {
  return proof.reduce(dot, start);
}

/**
 * The proof of a revision: from its hash through the block's revisions and entries and the block before to the block's
 * hash, and on through `blockProof` to the digest.
 *
 * In a block of an odd number the hash of the block before appears twice in a row, as link of the chain and as
 * neighbour in the tree; that is how QLDB's proofs are.
 *
 * @param revision - the index of the revision in the block.
 * @param blockProof - from {@link MerkleTree.proof}, for the block.
 */
export function revisionProof(block: Block, revision: number, blockProof: Proof): Hash[] {
  const revisions = block.revisions ?? block.revisionSummaries ?? [];
  const entry = block.entriesHashList.findIndex((hash) => hashesEqual(hash, revisionRoot(revisions)));
  if (revision < 0 || revision >= revisions.length || entry < 0) {
    throw new MissingNodeError(
      `Expected revision ${revision} in block ${block.blockAddress.sequenceNo} and its hash among the entries, found neither: verify the block.`,
    );
  }
  const previous = block.previousBlockHash;
  return [
    ...siblings(
      revisions.map(({ hash }) => hash),
      revision,
    ),
    ...siblings(block.entriesHashList, entry),
    ...(previous === undefined || previous.length === 0 ? [] : [previous]),
    ...blockProof,
  ];
}

function siblings(leaves: readonly Hash[], leaf: number): Hash[] {
  const tree = new MerkleTree();
  for (const hash of leaves) tree.append(hash);
  return tree.proof(leaf);
}
