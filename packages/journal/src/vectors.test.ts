// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import {
  MerkleTree,
  blockHashOf,
  decodeBlock,
  decodeRevision,
  decodeTransactionInfo,
  entriesHashOf,
  foldProof,
  parseDigest,
  parseProof,
  revisionHash,
  revisionProof,
  statementDigest,
  verifyBlock,
  verifyProof,
} from "@ledger-loader/journal";
import { type Hash, hashIon, sha256 } from "@ledger-loader/ion";
import { base64, fromBase64, readVector, vectorChecks, vectorValue } from "../test/vectors";

/** How many neighbours a leaf has on its way to the root of a tree of `tip + 1` leaves. */
function treeProofLength(sequenceNo: number, tip: number): number {
  const tree = new MerkleTree();
  for (let i = 0; i <= tip; i++) tree.append(sha256(Uint8Array.of(i)));
  return tree.proof(sequenceNo).length;
}

describe("blocks that QLDB wrote", () => {
  it.each(vectorChecks("block"))("verify: $id", ({ check }) => {
    const { block, findings, tally } = verifyBlock(vectorValue(check.file, check.at));
    expect(findings).toEqual([]);
    expect(tally.revisions).toBe(1);
    expect(block?.entriesHashList).toHaveLength(4);
    // Where QLDB put what is known of the four entries.
    const [, revisions, , transactionInfo] = block!.entriesHashList;
    expect(base64(transactionInfo!)).toBe(base64(hashIon(block!.transactionInfo!)));
    expect(base64(revisions!)).toBe(base64((block!.revisions ?? block!.revisionSummaries)![0]!.hash));
  });

  it.each(vectorChecks("hashes"))("have these entries and block hashes: $id", ({ check }) => {
    const block = JSON.parse(readVector(check.file)) as {
      entriesHash: string;
      blockHash: string;
      previousBlockHash: string;
      entriesHashList: string[];
    };
    const entriesHash = entriesHashOf(block.entriesHashList.map(fromBase64));
    expect(base64(entriesHash)).toBe(block.entriesHash);
    expect(base64(blockHashOf(entriesHash, fromBase64(block.previousBlockHash)))).toBe(block.blockHash);
  });

  it.each(vectorChecks("revision"))("hold revisions with this hash: $id", ({ check }) => {
    const revision = decodeRevision(vectorValue(check.file, check.at));
    expect(base64(revisionHash(revision.metadataIon!, revision.data!))).toBe(base64(revision.hash));
  });

  it.each(vectorChecks("statement"))("hold statements with this digest: $id", ({ check }) => {
    const { transactionInfo } = decodeBlock(vectorValue(check.file, check.at));
    const statement = decodeTransactionInfo(transactionInfo!).statements[check.statement!]!;
    expect(base64(statementDigest(statement.statement))).toBe(base64(statement.statementDigest));
  });

  it.each(vectorChecks("stmtlist"))("hold DDL statements with this digest: $id", ({ check }) => {
    const statements = JSON.parse(readVector(check.file)) as { statement: string; statementDigest: string }[];
    expect(statements).toHaveLength(3);
    for (const { statement, statementDigest: digest } of statements) {
      expect(base64(statementDigest(statement))).toBe(digest);
    }
  });
});

describe("proofs that QLDB gave", () => {
  it.each(vectorChecks("proof"))(
    "lead to the digest and have the tree's length: $id, $check.what",
    ({ check }) => {
      const proof = parseProof(readVector(check.file));
      expect(verifyProof(fromBase64(check.start!), proof, fromBase64(check.digest!))).toBe(true);
      // From a revision: entries of the block (two steps of four entries), then the block before.
      const inBlock = check.what === "revision" ? 3 : 0;
      expect(proof).toHaveLength(inBlock + treeProofLength(check.seq!, check.tip!));
      // In a block of an odd number the block before is both link and neighbour.
      if (check.what === "revision") {
        expect(base64(proof[2]!) === base64(proof[3]!)).toBe(check.seq! % 2 === 1);
      }
    },
  );

  it("of a revision are the ones we make from its block and the block's proof", () => {
    const block = decodeBlock(vectorValue("aws-cli/block.ion"));
    const proof = revisionProof(block, 0, parseProof(readVector("aws-cli/block-proof.ion")));
    expect(proof.map(base64)).toEqual(parseProof(readVector("aws-cli/revision-proof.ion")).map(base64));
    const digest = parseDigest(readVector("aws-cli/digest.json"));
    expect(digest.tipAddress).toEqual({ strandId: block.blockAddress.strandId, sequenceNo: 123 });
    expect(verifyProof(block.revisions![0]!.hash, proof, digest.hash)).toBe(true);
  });

  it("of one revision in two digests share the tree's nodes", () => {
    const at19 = parseProof(readVector("receipts/qldb-api-19-19.proof.ion")).map(base64);
    const at35 = parseProof(readVector("receipts/qldb-api-19-35.proof.ion")).map(base64);
    // Block 19 is the last of the tree of 20, whose nodes 16..19 and 0..15 the later tree still holds.
    expect(at19.slice(0, 5)).toEqual(at35.slice(0, 5));
    expect(at35).toContain(at19.at(-1));
  });

  it.each<[string, (a: Hash, b: Hash) => boolean]>([
    ["unsigned bytes, last first", (a, b) => Buffer.compare(reversed(a), reversed(b)) < 0],
    ["unsigned bytes, first first", (a, b) => Buffer.compare(a, b) < 0],
    ["signed bytes, first first", (a, b) => Buffer.compare(signed(a), signed(b)) < 0],
    ["larger first", (a, b) => Buffer.compare(signed(reversed(a)), signed(reversed(b))) > 0],
    ["as they come", () => true],
  ])("fail as a whole with hashes ordered by %s", (_name, isFirst) => {
    const wrongDot = (a: Hash, b: Hash): Hash => sha256(Buffer.concat(isFirst(a, b) ? [a, b] : [b, a]));
    const passed = vectorChecks("proof").filter(({ check }) => {
      const end = parseProof(readVector(check.file)).reduce(wrongDot, fromBase64(check.start!));
      return base64(end) === check.digest;
    });
    expect(passed).toEqual([]);
  });

  it("fail when any bit changes", () => {
    const { check } = vectorChecks("proof")[0]!;
    const proof = parseProof(readVector(check.file));
    for (let i = 0; i < proof.length; i++) {
      const changed = proof.map((hash, index) =>
        index === i ? hash.map((byte, at) => (at === 7 ? byte ^ 1 : byte)) : hash,
      );
      expect(base64(foldProof(fromBase64(check.start!), changed))).not.toBe(check.digest);
    }
  });
});

const reversed = (hash: Hash): Uint8Array => Uint8Array.from(hash).reverse();
/** Bytes whose unsigned order is the signed order of the given ones. */
const signed = (hash: Uint8Array): Uint8Array => hash.map((byte) => byte ^ 0x80);
