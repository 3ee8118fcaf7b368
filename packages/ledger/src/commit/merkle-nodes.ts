// SPDX-License-Identifier: MIT
import { appendLeaf, foldNodes, type Hash, type MerkleNode, rootPlan } from "@ledger-loader/journal";
import type { LedgerStorage } from "../storage/storage";

/** The end of the tree of block hashes, as far as appending needs it: its largest complete nodes. */
interface Tip {
  /** How many leaves the tree has. */
  readonly size: number;
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

  /** The nodes that block `size`, with `blockHash`, completes. */
  async append(size: number, blockHash: Hash): Promise<readonly MerkleNode[]> {
    const tip = this.#tip?.size === size ? this.#tip : await this.#readTip(size);
    const added = appendLeaf(size, blockHash, (level, index) => tip.nodes.get(toKey(level, index)));
    const known = new Map(tip.nodes);
    for (const { level, index, hash } of added) known.set(toKey(level, index), hash);
    const nodes = rootPlan(size + 1).map(({ level, index }) => {
      const key = toKey(level, index);
      return [key, known.get(key)] as const;
    });
    this.#tip = {
      size: size + 1,
      nodes: new Map(nodes.filter((node): node is [string, Hash] => node[1] !== undefined)),
    };
    return added;
  }

  /** Forgets the end of the tree: what was appended last was not stored. */
  reset(): void {
    this.#tip = undefined;
  }

  async #readTip(size: number): Promise<Tip> {
    const plan = rootPlan(size);
    const hashes = await this.#storage.readMerkleNodes(plan);
    const nodes = plan.flatMap(({ level, index }, at) => {
      const hash = hashes[at];
      return hash === undefined ? [] : [[toKey(level, index), hash] as const];
    });
    return { size, nodes: new Map(nodes) };
  }
}

function toKey(level: number, index: number): string {
  return `${level}/${index}`;
}

/** The digest of the first `size` blocks, from stored nodes. */
export async function readDigest(storage: LedgerStorage, size: number): Promise<Hash> {
  return foldNodes(await storage.readMerkleNodes(rootPlan(size)));
}
