// SPDX-License-Identifier: MIT
import type { ChainTip, Digest, MerkleNode } from "@ledger-loader/journal";

/** The end of the journal before an export, where that journal is at hand. */
export interface JournalEnd {
  readonly tip: ChainTip;
  /** The nodes of `rootPlan(tip.blockAddress.sequenceNo + 1)`: the tree of block hashes goes on from them. */
  readonly nodes: readonly MerkleNode[];
  /** Digests of that journal as they were recomputed, one for each supplied digest whose tip is in it. */
  readonly digests: readonly Digest[];
}
