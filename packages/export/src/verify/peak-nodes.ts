// SPDX-License-Identifier: MIT
import type { Hash } from "@ledger-loader/ion";
import type { MerkleNode, MerkleNodes } from "@ledger-loader/journal";

/**
 * Keeps only the last complete node of each level of a hash tree: all that appending and the current root need.
 *
 * A tree on it takes memory in proportion to the logarithm of its size; it cannot prove, nor give earlier roots.
 */
export class PeakNodes implements MerkleNodes {
  readonly #peaks: MerkleNode[] = [];

  read(level: number, index: number): Hash | undefined {
    const peak = this.#peaks[level];
    return peak?.index === index ? peak.hash : undefined;
  }

  write(nodes: readonly MerkleNode[]): void {
    for (const node of nodes) this.#peaks[node.level] = node;
  }
}
