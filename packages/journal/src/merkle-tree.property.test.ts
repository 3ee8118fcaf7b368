// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import {
  type MerkleNode,
  MerkleTree,
  MissingNodeError,
  appendLeaf,
  merkleRoot,
  proofPlan,
  verifyProof,
} from "@ledger-loader/journal";
import { type Hash, sha256 } from "@ledger-loader/ion";
import * as fc from "fast-check";

const hex = (hash: Hash): string => Buffer.from(hash).toString("hex");
const LEAVES: readonly Hash[] = Array.from({ length: 300 }, (_, i) => sha256(Buffer.from(`block ${i}`)));

function treeOf(size: number): MerkleTree {
  const tree = new MerkleTree();
  for (const leaf of LEAVES.slice(0, size)) tree.append(leaf);
  return tree;
}

const size = fc.integer({ min: 1, max: LEAVES.length });

describe("MerkleTree", () => {
  it("has, at every earlier tip, the root that the pairwise rule gives", () => {
    fc.assert(
      fc.property(size, fc.nat(), (leaves, earlier) => {
        const tip = 1 + (earlier % leaves);
        expect(hex(treeOf(leaves).root(tip))).toBe(hex(merkleRoot(LEAVES.slice(0, tip))));
      }),
    );
    expect(new MerkleTree().root()).toHaveLength(0);
  });

  it("proves every leaf against every tip, and no other leaf or digest by that proof", () => {
    fc.assert(
      fc.property(size, fc.nat(), fc.nat(), (leaves, anyTip, anyLeaf) => {
        const tree = treeOf(leaves);
        const tip = 1 + (anyTip % leaves);
        const leaf = anyLeaf % tip;
        const proof = tree.proof(leaf, tip);
        const digest = tree.root(tip);
        expect(verifyProof(LEAVES[leaf]!, proof, digest)).toBe(true);
        expect(verifyProof(sha256(LEAVES[leaf]!), proof, digest)).toBe(false);
        if (tip > 1) expect(verifyProof(LEAVES[leaf]!, proof.slice(1), digest)).toBe(false);
        expect(verifyProof(LEAVES[leaf]!, proof, sha256(digest))).toBe(false);
      }),
    );
  });

  it("stores each node once, reads few, and goes on from what is stored", () => {
    const stored = new Map<string, Hash>();
    const key = (level: number, index: number): string => `${level}/${index}`;
    let reads = 0;
    const nodes = {
      read: (level: number, index: number) => (reads++, stored.get(key(level, index))),
      write: (completed: readonly MerkleNode[]) => {
        for (const { level, index, hash } of completed) {
          expect(stored.has(key(level, index))).toBe(false);
          stored.set(key(level, index), hash);
        }
      },
    };
    for (const [i, leaf] of LEAVES.entries()) {
      reads = 0;
      new MerkleTree(nodes, i).append(leaf);
      expect(reads).toBeLessThanOrEqual(Math.ceil(Math.log2(i + 2)));
    }
    const reopened = new MerkleTree(nodes, LEAVES.length);
    expect(hex(reopened.root())).toBe(hex(merkleRoot(LEAVES)));
    expect(stored.size).toBeLessThan(2 * LEAVES.length);
  });

  it("says what is missing", () => {
    expect(() => treeOf(3).proof(3)).toThrow(MissingNodeError);
    expect(() => treeOf(3).root(4)).toThrow(MissingNodeError);
    expect(() => appendLeaf(1, LEAVES[1]!, () => undefined)).toThrow(MissingNodeError);
    expect(() => proofPlan(-1, 4)).toThrow(MissingNodeError);
  });

  it("plans proofs for trees far beyond 2^32 leaves", () => {
    const plan = proofPlan(2 ** 40, 2 ** 40 + 1);
    expect(plan).toEqual([[{ level: 40, index: 0 }]]);
  });
});
