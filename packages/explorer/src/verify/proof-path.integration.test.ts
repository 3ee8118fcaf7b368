// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Block, decodeBlock, merkleRoot, MerkleTree, revisionProof } from "@ledger-loader/journal";
import { ExploredServer } from "../../test/explored-server";
import { pathOfProof } from "./proof-path";

let server: ExploredServer;
const blocks: Block[] = [];
const tree = new MerkleTree();

beforeAll(async () => {
  server = await ExploredServer.open("read");
  await server.run(
    "cars",
    "CREATE TABLE Car",
    "INSERT INTO Car << {'n': 1}, {'n': 2}, {'n': 3}, {'n': 4}, {'n': 5} >>",
  );
  for (let n = 6; n < 14; n++) await server.run("cars", `INSERT INTO Car {'n': ${n}}`);
  const ledger = await server.store.open("cars");
  for await (const { ion } of ledger.blocks({ first: 0, last: 9 })) blocks.push(decodeBlock(ion));
  for (const { blockHash } of blocks) tree.append(blockHash);
});
afterAll(() => server.close());

describe("The path of a proof", () => {
  it("leads from every revision through its block to the digest of every tip", () => {
    for (const block of blocks) {
      for (let tipNo = block.blockAddress.sequenceNo; tipNo < blocks.length; tipNo++) {
        const blockProof = tree.proof(block.blockAddress.sequenceNo, tipNo + 1);
        for (const [revisionAt, { hash }] of (block.revisions ?? []).entries()) {
          const steps = pathOfProof(
            { block, revisionAt, hash },
            revisionProof(block, revisionAt, blockProof),
            tipNo,
          );
          expect(steps.at(-1)).toMatchObject({ result: "digest", resultHash: tree.root(tipNo + 1) });
          expectNamedHashes(steps, block);
        }
      }
    }
  });

  it("names what each hash of it covers", () => {
    const [, block] = blocks;
    const proof = revisionProof(block!, 4, tree.proof(1, 10));
    const steps = pathOfProof({ block: block!, revisionAt: 4, hash: block!.revisions![4]!.hash }, proof, 9);
    expect(steps.map(({ neighbour, result }) => `${neighbour} -> ${result}`)).toEqual([
      "other revisions of the block -> all revisions of the block",
      ...Array.from({ length: steps.length - 7 }, () => "other entries of the block -> entries"),
      "other entries of the block -> entries hash of the block",
      "block 0, the one before -> block 1",
      "block 0 -> blocks 0 to 1",
      "blocks 2 to 3 -> blocks 0 to 3",
      "blocks 4 to 7 -> blocks 0 to 7",
      "blocks 8 to 9 -> digest",
    ]);
  });

  it("has as many steps as a proof that is too long or too short, and reaches no digest", () => {
    const block = blocks[3]!;
    const proof = tree.proof(3, 10);
    for (const other of [[...proof, proof[0]!], proof.slice(1), []]) {
      const steps = pathOfProof({ block, revisionAt: undefined, hash: block.blockHash }, other, 9);
      expect(steps).toHaveLength(other.length);
      expect(steps.at(-1)?.resultHash).not.toEqual(tree.root(10));
    }
  });
});

function expectNamedHashes(steps: ReturnType<typeof pathOfProof>, block: Block): void {
  const { sequenceNo } = block.blockAddress;
  const hashOf = (name: string): Uint8Array | undefined =>
    steps.find(({ result }) => result === name)?.resultHash;
  expect(hashOf("entries hash of the block") ?? block.entriesHash).toEqual(block.entriesHash);
  expect(hashOf(`block ${sequenceNo}`) ?? block.blockHash).toEqual(block.blockHash);
  for (const { result, resultHash } of steps) {
    const [, from, to] = /^blocks (\d+) to (\d+)$/.exec(result) ?? [];
    if (from === undefined) continue;
    const covered = blocks.slice(Number(from), Number(to) + 1).map(({ blockHash }) => blockHash);
    expect(resultHash).toEqual(merkleRoot(covered));
  }
}
