// SPDX-License-Identifier: MIT
import { dot } from "./dot";
import type { Hash } from "@ledger-loader/ion";
import { MissingNodeError } from "./journal-errors";

/**
 * A node of the tree of block hashes that later blocks cannot change: it covers the `2^level` leaves from
 * `index * 2^level` on, and all of them are there.
 */
export interface MerkleNode extends NodeAddress {
  readonly hash: Hash;
}

/** Where a complete node stands. Level 0 are the leaves; a leaf's index is its block's sequence number. */
export interface NodeAddress {
  readonly level: number;
  readonly index: number;
}

/** Where a tree keeps its complete nodes: in memory, or in a table with `(level, index)` as its key. */
export interface MerkleNodes {
  read(level: number, index: number): Hash | undefined;
  write(nodes: readonly MerkleNode[]): void;
}

/**
 * The complete nodes whose fold, from the last to the first, is the root of a tree with `size` leaves. There are at
 * most as many as `size` has binary digits.
 */
export function rootPlan(size: number): NodeAddress[] {
  return rangePlan(0, size);
}

/**
 * The nodes that a proof of leaf `leaf` in a tree of `size` leaves consists of: for each hash of the proof, in order, the
 * complete nodes of which it is the fold. A storage can fetch them all at once.
 */
export function proofPlan(leaf: number, size: number): NodeAddress[][] {
  if (!Number.isSafeInteger(leaf) || leaf < 0 || leaf >= size) {
    throw new MissingNodeError(
      `Expected a leaf below ${size}, found ${leaf}: ask for a block that the digest covers.`,
    );
  }
  const plan: NodeAddress[][] = [];
  let index = leaf;
  let width = 1;
  for (let level = 0; width < size; level++) {
    const sibling = index % 2 === 0 ? index + 1 : index - 1;
    const from = sibling * width;
    // A level where the node is the odd last one adds nothing to the proof.
    if (from < size) plan.push(rangePlan(from, Math.min(size, from + width)));
    index = Math.floor(index / 2);
    width *= 2;
  }
  return plan;
}

/** The largest complete nodes that cover the leaves from `from`, the begin of some node, to `to`. */
function rangePlan(from: number, to: number): NodeAddress[] {
  const nodes: NodeAddress[] = [];
  let start = from;
  while (start < to) {
    let level = 0;
    let width = 1;
    while (start % (width * 2) === 0 && start + width * 2 <= to) {
      level++;
      width *= 2;
    }
    nodes.push({ level, index: start / width });
    start += width;
  }
  return nodes;
}

/** Folds the hashes of a plan's nodes: the last, smallest ones meet first, since odd nodes move up unchanged. */
export function foldNodes(hashes: readonly Hash[]): Hash {
  return hashes.reduceRight((folded, hash) => dot(hash, folded), new Uint8Array(0));
}

/**
 * The nodes that appending a leaf completes, the leaf itself first. They are all that a storage must keep.
 *
 * @param read - finds the complete nodes of the tree so far; at most one per binary digit of `size` is read.
 */
export function appendLeaf(
  size: number,
  leaf: Hash,
  read: (level: number, index: number) => Hash | undefined,
): MerkleNode[] {
  const nodes: MerkleNode[] = [{ level: 0, index: size, hash: leaf }];
  let hash = leaf;
  let index = size;
  for (let level = 0; index % 2 === 1; level++) {
    hash = dot(readNode(read, { level, index: index - 1 }), hash);
    index = (index - 1) / 2;
    nodes.push({ level: level + 1, index, hash });
  }
  return nodes;
}

function readNode(
  read: (level: number, index: number) => Hash | undefined,
  { level, index }: NodeAddress,
): Hash {
  const hash = read(level, index);
  if (hash !== undefined) return hash;
  throw new MissingNodeError(
    `Expected a stored hash tree node at level ${level}, index ${index}, found none: rebuild the tree from the journal.`,
  );
}

/**
 * QLDB's tree of block hashes, grown leaf by leaf, with the digest and the proofs of any earlier tip.
 *
 * Appending and proving take time in proportion to the logarithm of the size. Nodes are kept in `nodes`.
 */
export class MerkleTree {
  #size: number;
  readonly #nodes: MerkleNodes;

  /** @param size - how many leaves `nodes` already holds. */
  constructor(nodes: MerkleNodes = new NodesInMemory(), size = 0) {
    this.#nodes = nodes;
    this.#size = size;
  }

  /** The number of leaves. */
  get size(): number {
    return this.#size;
  }

  /** Adds a leaf and returns the nodes that it completed, after storing them. */
  append(leaf: Hash): MerkleNode[] {
    const completed = appendLeaf(this.#size, leaf, (level, index) => this.#nodes.read(level, index));
    this.#nodes.write(completed);
    this.#size++;
    return completed;
  }

  /** The root over the first `size` leaves: the digest whose tip is block `size - 1`. Empty for no leaves. */
  root(size: number = this.#size): Hash {
    return this.#fold(rootPlan(this.#checked(size)));
  }

  /** The hashes that lead from leaf `leaf` to the root over the first `size` leaves. */
  proof(leaf: number, size: number = this.#size): Hash[] {
    return proofPlan(leaf, this.#checked(size)).map((nodes) => this.#fold(nodes));
  }

  #checked(size: number): number {
    if (Number.isSafeInteger(size) && size >= 0 && size <= this.#size) return size;
    throw new MissingNodeError(
      `Expected at most ${this.#size} leaves, asked for ${size}: ask for an earlier tip.`,
    );
  }

  #fold(plan: readonly NodeAddress[]): Hash {
    return foldNodes(plan.map((node) => readNode((level, index) => this.#nodes.read(level, index), node)));
  }
}

class NodesInMemory implements MerkleNodes {
  readonly #levels: Hash[][] = [];

  read(level: number, index: number): Hash | undefined {
    return this.#levels[level]?.[index];
  }

  write(nodes: readonly MerkleNode[]): void {
    for (const { level, index, hash } of nodes) (this.#levels[level] ??= [])[index] = hash;
  }
}
