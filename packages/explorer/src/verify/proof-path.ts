// SPDX-License-Identifier: MIT
import type { Hash } from "@ledger-loader/ion";
import {
  compareHashes,
  dot,
  type MerkleNode,
  proofPlan,
  type Block,
  type Proof,
} from "@ledger-loader/journal";

/** One step of a proof: the hash so far and its neighbour give the next hash. */
export interface PathStep {
  /** Where the neighbour stands: `entry of block 12`, `blocks 8 to 11`. */
  readonly neighbour: string;
  readonly neighbourHash: Hash;
  /** True if the neighbour comes first in the order of hashing. */
  readonly isNeighbourFirst: boolean;
  /** The name of what the step leads to: `block 12`, `blocks 8 to 15`, `digest`. */
  readonly result: string;
  readonly resultHash: Hash;
}

/** Where a proof begins. */
export interface PathStart {
  readonly block: Block;
  /** The place of the revision in the block. `undefined` if the proof begins at the block. */
  readonly revisionAt: number | undefined;
  readonly hash: Hash;
}

/** The steps that lead from the hash of a revision or block to the digest with the tip `tipNo`. */
export function pathOfProof({ block, revisionAt, hash }: PathStart, proof: Proof, tipNo: number): PathStep[] {
  const { sequenceNo } = block.blockAddress;
  const tree = treeLabels(sequenceNo, tipNo + 1);
  const inBlock = blockLabels(block, revisionAt, Math.max(0, proof.length - tree.length));
  const labels = [...inBlock, ...tree];
  let current = hash;
  return proof.map((neighbourHash, at) => {
    const [neighbour = "unknown", result = "unknown"] = labels[at] ?? [];
    const isNeighbourFirst = compareHashes(neighbourHash, current) < 0;
    current = dot(current, neighbourHash);
    const isLast = at === proof.length - 1;
    return {
      ...{ neighbour, neighbourHash, isNeighbourFirst },
      result: isLast ? "digest" : result,
      resultHash: current,
    };
  });
}

type Label = readonly [neighbour: string, result: string];

/** The steps inside a block: the tree of its revisions, the tree of its entries, the hash of the block before. */
function blockLabels(block: Block, revisionAt: number | undefined, count: number): Label[] {
  const { sequenceNo } = block.blockAddress;
  const revisions = revisionAt === undefined ? 0 : stepsIn(block.revisions?.length ?? 0, revisionAt);
  const hasLink = count > 0 && (block.previousBlockHash?.length ?? 0) > 0;
  return Array.from({ length: count }, (_, at): Label => {
    if (at < revisions)
      return [
        "other revisions of the block",
        at === revisions - 1 ? "all revisions of the block" : "revisions",
      ];
    const isLast = at === count - 1;
    if (isLast && hasLink) return [`block ${sequenceNo - 1}, the one before`, `block ${sequenceNo}`];
    const isEntriesHash = at === count - (hasLink ? 2 : 1);
    return ["other entries of the block", isEntriesHash ? "entries hash of the block" : "entries"];
  });
}

/** The number of steps from a leaf to the root of a tree. */
function stepsIn(size: number, leaf: number): number {
  return leaf < size ? proofPlan(leaf, size).length : 0;
}

/** The steps in the tree of blocks. */
function treeLabels(sequenceNo: number, size: number): Label[] {
  if (sequenceNo >= size) return [];
  let [from, to] = [sequenceNo, sequenceNo + 1];
  return proofPlan(sequenceNo, size).map((nodes): Label => {
    const [start, end] = rangeOf(nodes);
    [from, to] = [Math.min(from, start), Math.max(to, end)];
    return [blocks(start, end), blocks(from, to)];
  });
}

/** The blocks that complete nodes side by side cover: from the first to before the second number. */
function rangeOf(nodes: readonly Pick<MerkleNode, "level" | "index">[]): [from: number, to: number] {
  const starts = nodes.map(({ level, index }) => index * 2 ** level);
  const ends = nodes.map(({ level, index }) => (index + 1) * 2 ** level);
  return [Math.min(...starts), Math.max(...ends)];
}

function blocks(from: number, to: number): string {
  return to - from === 1 ? `block ${from}` : `blocks ${from} to ${to - 1}`;
}
