// SPDX-License-Identifier: MIT
import {
  type MerkleNode,
  type Proof,
  appendLeaf,
  foldNodes,
  proofPlan,
  rootPlan,
} from "@ledger-loader/journal";
import { type Hash, hashesEqual } from "@ledger-loader/ion";
import type { Head, LedgerStorage } from "../storage/storage";

/** The end of the tree of block hashes, as far as appending needs it: its largest complete nodes. */
interface Tip {
  /** How many leaves the tree has, and the last of them. */
  readonly size: number;
  readonly lastLeaf: Hash;
  readonly nodes: ReadonlyMap<string, Hash>;
}

/**
 * Computes the nodes that a new block adds to the tree of block hashes.
 *
 * Keeps the end of the tree in memory between blocks; reads it from storage where the journal has grown otherwise.
 */
export class MerkleNodeBuilder {
  readonly #storage: LedgerStorage;
  #tip: Tip | undefined;

  constructor(storage: LedgerStorage) {
    this.#storage = storage;
  }

  /**
   * The nodes that a new block completes.
   *
   * @param head - the block before; absent for the first one.
   */
  async append(head: Head | undefined, blockHash: Hash): Promise<readonly MerkleNode[]> {
    const size = head === undefined ? 0 : head.sequenceNo + 1;
    const nodes = new Map(await this.#readNodes(size, head?.blockHash));
    const added = appendLeaf(size, blockHash, (level, index) => nodes.get(toKey(level, index)));
    for (const { level, index, hash } of added) nodes.set(toKey(level, index), hash);
    const kept = new Set(rootPlan(size + 1).map(({ level, index }) => toKey(level, index)));
    for (const key of nodes.keys()) if (!kept.has(key)) nodes.delete(key);
    this.#tip = { size: size + 1, lastLeaf: blockHash, nodes };
    return added;
  }

  async #readNodes(size: number, lastLeaf: Hash | undefined): Promise<ReadonlyMap<string, Hash>> {
    const tip = this.#tip;
    // The last leaf is compared too: what was appended last may not have been stored, and another block in its place.
    if (tip?.size === size && lastLeaf !== undefined && hashesEqual(tip.lastLeaf, lastLeaf)) return tip.nodes;
    const plan = rootPlan(size);
    const hashes = await this.#storage.readMerkleNodes(plan);
    return new Map(hashes.map((hash, at) => [toKey(plan[at]?.level ?? 0, plan[at]?.index ?? 0), hash]));
  }
}

function toKey(level: number, index: number): string {
  return `${level}/${index}`;
}

/** The digest of the first `size` blocks, from stored nodes. */
export async function readDigest(storage: LedgerStorage, size: number): Promise<Hash> {
  return foldNodes(await storage.readMerkleNodes(rootPlan(size)));
}

/** The hashes that lead from block `sequenceNo` to the digest of the first `size` blocks, from stored nodes. */
export async function readBlockProof(
  storage: LedgerStorage,
  sequenceNo: number,
  size: number,
): Promise<Proof> {
  const proof: Hash[] = [];
  for (const nodes of proofPlan(sequenceNo, size))
    proof.push(foldNodes(await storage.readMerkleNodes(nodes)));
  return proof;
}
