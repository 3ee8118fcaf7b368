// SPDX-License-Identifier: MIT
import { dot } from "./dot";
import type { Hash } from "@ledger-loader/ion";

/**
 * The root of QLDB's hash tree over `leaves`: pairs are combined from left to right, level by level; an odd last
 * node moves up unchanged. No leaves give an empty hash.
 *
 * Entries of a block, revisions of a block and block hashes of a ledger all use this rule.
 */
export function merkleRoot(leaves: readonly Hash[]): Hash {
  if (leaves.length === 0) return new Uint8Array(0);
  let level = leaves;
  while (level.length > 1) {
    const above: Hash[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const left = level[i];
      const right = level[i + 1];
      if (left !== undefined) above.push(right === undefined ? left : dot(left, right));
    }
    level = above;
  }
  return level[0] ?? new Uint8Array(0);
}
