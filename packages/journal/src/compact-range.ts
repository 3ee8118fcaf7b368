// SPDX-License-Identifier: MIT
import { dot } from "./dot";
import type { Hash } from "@ledger-loader/ion";
import { MissingNodeError } from "./journal-errors";
import { type MerkleNode, foldNodes } from "./merkle-tree";

/**
 * The hash tree over a run of leaves, in memory that grows with the logarithm of their number: the largest complete nodes
 * that cover the run.
 *
 * Runs that follow one another are joined without their leaves. The root of a run that begins with leaf 0 is a digest.
 */
export class CompactRange {
  /** The first leaf. */
  readonly start: number;
  readonly #nodes: MerkleNode[] = [];
  #end: number;

  /** @param nodes - of a run from `start` on, in the order of their leaves */
  constructor(start = 0, nodes: readonly MerkleNode[] = []) {
    this.start = start;
    this.#end = start;
    this.extend(nodes);
  }

  /** The leaf after the last. */
  get end(): number {
    return this.#end;
  }

  /** The nodes, in the order of their leaves. */
  get nodes(): readonly MerkleNode[] {
    return this.#nodes;
  }

  /** Adds the leaf after the last. */
  append(leaf: Hash): void {
    this.#push({ level: 0, index: this.#end, hash: leaf });
  }

  /**
   * Adds the nodes of the run that follows.
   *
   * @throws MissingNodeError if they do not follow
   */
  extend(nodes: readonly MerkleNode[]): void {
    for (const node of nodes) {
      if (node.index * 2 ** node.level !== this.#end) {
        throw new MissingNodeError(
          `Expected a hash tree node whose first leaf is ${this.#end}, found level ${node.level}, index ${node.index}: ` +
            "pass runs of leaves in order and without gaps.",
        );
      }
      this.#push(node);
    }
  }

  /**
   * The root over all leaves; empty for none.
   *
   * @throws MissingNodeError if the run does not begin with leaf 0
   */
  root(): Hash {
    if (this.start === 0) return foldNodes(this.#nodes.map(({ hash }) => hash));
    throw new MissingNodeError(
      `Expected the leaves from 0 on, found them from ${this.start} on: join the runs before.`,
    );
  }

  #push(node: MerkleNode): void {
    this.#end += 2 ** node.level;
    let { level, index, hash } = node;
    for (let left = this.#nodes.at(-1); left !== undefined && index % 2 === 1; left = this.#nodes.at(-1)) {
      if (left.level !== level || left.index !== index - 1) break;
      this.#nodes.pop();
      hash = dot(left.hash, hash);
      level += 1;
      index = (index - 1) / 2;
    }
    this.#nodes.push({ level, index, hash });
  }
}
