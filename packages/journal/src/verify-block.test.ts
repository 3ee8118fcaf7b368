// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import {
  type Block,
  MalformedBlockError,
  type Revision,
  blockHashOf,
  buildBlock,
  buildRevision,
  decodeBlock,
  decodeRedactionInfo,
  decodeRevision,
  decodeTransactionInfo,
  deleteRevisionHash,
  encodeBlock,
  encodeRedactionInfo,
  encodeRevision,
  entriesHashOf,
  merkleRoot,
  redactRevision,
  verifyBlock,
} from "@ledger-loader/journal";
import { IonStream, hashIon, readSingleValue, sha256, transcodeToBinary } from "@ledger-loader/ion";
import { aBlock, aJournal, STRAND_ID } from "../test/journal";
import { base64, readVector, vectorValue } from "../test/vectors";

/** The same block with other revisions and the hashes that go with them, as somebody without our entries makes it. */
function resealed(block: Block, revisions: readonly Revision[]): Block {
  const list = block.entriesHashList.slice();
  list[1] = merkleRoot(revisions.map(({ hash }) => hash));
  const entriesHash = entriesHashOf(list);
  const blockHash = blockHashOf(entriesHash, block.previousBlockHash);
  return { ...block, revisions, entriesHashList: list, entriesHash, blockHash };
}

const rulesOf = (block: Block | Uint8Array): string[] => verifyBlock(block).findings.map(({ rule }) => rule);
const real = (): string => readVector("aws-cli/block.ion");

describe("verifyBlock", () => {
  it("says what was expected and found, where, and of which document", () => {
    const changed = transcodeToBinary(real().replace("90.25", "90.26"));
    const { findings } = verifyBlock(changed);
    expect(findings).toEqual([
      expect.objectContaining({
        rule: "revision-hash",
        severity: "failed",
        blockAddress: { strandId: STRAND_ID, sequenceNo: 100 },
        documentId: "JUJgkIcNbhS2goq8RqLuZ4",
        version: 3,
        field: "revisions[0].hash",
        found: "mHVex/yjHAWjFPpwhBuH2GKXmKJjK2FBa9faqoUVNtg=",
      }),
    ]);
    expect(findings[0]?.expected).toHaveLength(44);
  });

  it.each([
    ["a timestamp's precision", ".344Z", ".34400Z", "revision-hash"],
    ["a decimal's exponent", "90.25", "90.250", "revision-hash"],
    [
      "the statement's text",
      "FROM VehicleRegistration",
      "FROM VehicleRegistratiom",
      "transaction-info-entry",
    ],
    ["an opaque entry", "{{eRSw", "{{fRSw", "entries-hash"],
    ["the entries hash", "entriesHash:{{l05L", "entriesHash:{{m05L", "entries-hash"],
    ["the block hash", "{{NoCh", "{{OoCh", "block-hash"],
    ["the hash of the block before", "previousBlockHash:{{7kew", "previousBlockHash:{{8kew", "block-hash"],
    ["the transaction's id", 'transactionId:"FnQ', 'transactionId:"GnQ', "revision-transaction"],
    [
      "the block's number",
      "sequenceNo:100},transactionId",
      "sequenceNo:101},transactionId",
      "revision-address",
    ],
    ["an annotation", "transactionId:", "transactionId:x::", "malformed-block"],
    ["a null", 'transactionId:"FnQeJBAicTX0Ah32ZnVtSX"', "transactionId:null.string", "malformed-block"],
    ["a field nobody knows", "{blockAddress", "{extra:1,blockAddress", "malformed-block"],
    ["a field twice", "{blockAddress", '{transactionId:"x",blockAddress', "malformed-block"],
    ["a shorter hash", "{{NoChM92yKRuJAb/jeLd1VnYn4DHiWIf071ACfic9uHc=}}", "{{NoCh}}", "malformed-block"],
    ["data that became null", /data:\{.*\},metadata/, "data:null,metadata", "revision-hash"],
  ])("notices %s", (_name, from, to, rule) => {
    const changed = real().replace(from, to);
    expect(changed).not.toBe(real());
    expect(rulesOf(transcodeToBinary(changed))).toContain(rule);
  });

  it("hashes in place, with the symbol table of the stream around the block", () => {
    // Both blocks share one symbol table, and neither stands where it could be read alone.
    const around = readSingleValue(transcodeToBinary(`[${real()}, first, ${real()}]`)).elements();
    const results = [around[0]!, around[2]!].map((slice) => verifyBlock(slice));
    expect(results.map(({ findings }) => findings)).toEqual([[], []]);
  });

  it("checks the link to the block before, its number and its strand", () => {
    const [first, second, third] = aJournal([{}, {}, {}]) as [Block, Block, Block];
    expect(verifyBlock(second, { previous: first }).findings).toEqual([]);
    const rules = (previous: Block): string[] =>
      verifyBlock(third, { previous }).findings.map(({ rule }) => rule);
    expect(rules(first)).toEqual(["sequence", "chain-link"]);
    const otherStrand = { ...second, blockAddress: { strandId: "x", sequenceNo: 1 } };
    expect(rules(otherStrand)).toEqual(["strand"]);
    const [warning] = verifyBlock(third, {
      previous: { ...second, blockTimestamp: "2099-01-01T00:00:00.000Z" },
    }).findings;
    expect(warning).toMatchObject({ rule: "timestamp-order", severity: "warning" });
  });

  it.each<[string, Partial<Block>]>([
    ["an empty blob", { previousBlockHash: new Uint8Array(0) }],
    ["no field", { previousBlockHash: undefined }],
    ["32 zero bytes that count for nothing", { previousBlockHash: new Uint8Array(32) }],
  ])("accepts %s before the first block, and nowhere else", (_name, change) => {
    const [first, second] = aJournal([{}, {}]) as [Block, Block];
    expect(verifyBlock(encodeBlock({ ...first, ...change })).findings).toEqual([]);
    expect(rulesOf(encodeBlock({ ...second, ...change }))).toEqual(["block-hash"]);
    // Not even if the block's hash goes along.
    expect(rulesOf({ ...second, ...change, blockHash: second.entriesHash })).toEqual(["block-hash"]);
  });

  it("accepts 32 zero bytes before the first block as a hash too", () => {
    const first = aBlock();
    const zeros = new Uint8Array(32);
    const block = { ...first, previousBlockHash: zeros, blockHash: blockHashOf(first.entriesHash, zeros) };
    expect(verifyBlock(block).findings).toEqual([]);
  });

  it("takes a deletion by either reading of the rules and counts which", () => {
    const block = aBlock({ documents: ["delete"] });
    const [deletion] = block.revisions as [Revision];
    expect(verifyBlock(block).tally).toMatchObject({ revisions: 1, deletedEmptyDigest: 1 });
    const other = { ...deletion, hash: deleteRevisionHash(deletion.metadataIon!, "metadata-only") };
    expect(verifyBlock(resealed(block, [other]))).toMatchObject({
      findings: [],
      tally: { deletedMetadataOnly: 1 },
    });
    const neither = { ...deletion, hash: sha256(deletion.hash) };
    expect(verifyBlock(resealed(block, [neither]))).toMatchObject({
      findings: [{ rule: "delete-revision-hash", severity: "incomplete", documentId: deletion.metadata!.id }],
      tally: { deletedUnmatched: 1 },
    });
    // Our own ledger has one rule only.
    expect(
      verifyBlock(resealed(block, [other]), { sealed: true }).findings.map(({ rule }) => rule),
    ).toContain("revision-hash");
  });

  it("counts redacted and hash-only revisions, and holds the redacted ones to their hash", () => {
    const block = aBlock({ documents: ["insert", "redacted", "hash-only"] });
    const { findings, tally } = verifyBlock(block, { sealed: true });
    expect(findings).toEqual([]);
    expect(tally).toMatchObject({ revisions: 3, recomputed: 1, redacted: 1, hashOnly: 1 });
    const [first, redacted, system] = block.revisions as [Revision, Revision, Revision];
    const changed = { ...redacted, dataHash: sha256(redacted.dataHash!) };
    expect(rulesOf({ ...block, revisions: [first, changed, system] })).toEqual(["revision-hash"]);
  });

  it("notices a document that the transaction does not name, and data without metadata", () => {
    const block = aBlock();
    const [revision] = block.revisions as [Revision];
    const stranger = buildRevision({
      blockAddress: block.blockAddress,
      metadata: { ...revision.metadata!, id: "stranger00000000000000" },
      data: revision.data!,
    });
    expect(rulesOf(resealed(block, [stranger]))).toEqual(["revision-document"]);
    const { metadata: _metadata, metadataIon: _ion, ...bare } = revision;
    expect(rulesOf({ ...block, revisions: [bare] })).toEqual(["revision-content"]);
  });

  it("tells, in blocks of our own, two revisions from one with the hash of both", () => {
    const block = aBlock({ documents: ["insert", "insert"] });
    const folded = { ...block, revisions: [{ hash: merkleRoot(block.revisions!.map(({ hash }) => hash)) }] };
    expect(verifyBlock(folded).findings).toEqual([]);
    expect(verifyBlock(folded, { sealed: true }).findings).toMatchObject([{ rule: "shape-entry" }]);
  });

  it("holds blocks of our own to their header, and QLDB's not", () => {
    const block = { ...aBlock(), blockTimestamp: "2024-02-29T12:00:00.031Z" };
    expect(verifyBlock(block).findings).toEqual([]);
    expect(verifyBlock(block, { sealed: true }).findings).toMatchObject([
      { rule: "header-entry", severity: "failed" },
    ]);
    expect(verifyBlock(vectorValue("aws-cli/block.ion"), { sealed: true }).findings).toHaveLength(2);
  });

  it("checks a stream's summaries against the documents that the transaction names", () => {
    const text = readVector("streams-dmv/block-summary.ion");
    const summary = vectorValue("streams-dmv/block-summary.ion", ["payload"]);
    expect(verifyBlock(summary)).toMatchObject({ findings: [], tally: { revisions: 1, hashOnly: 1 } });
    const changed = text.replace('documentId: "D35', 'documentId: "E35');
    const payload = new IonStream(transcodeToBinary(changed)).next()!.field("payload")!;
    expect(verifyBlock(payload).findings).toMatchObject([{ rule: "revision-document" }]);
  });

  it("turns damage into findings", () => {
    expect(rulesOf(Uint8Array.of(0xe0, 1, 0, 0xea, 0xd3))).toEqual(["malformed-block"]);
    expect(rulesOf(transcodeToBinary("[]"))).toEqual(["malformed-block"]);
    expect(() => decodeBlock(transcodeToBinary("{}"))).toThrow(MalformedBlockError);
  });
});

describe("a block", () => {
  it("is written again as it was read", () => {
    const block = decodeBlock(transcodeToBinary(real()));
    const again = encodeBlock(block);
    expect(base64(hashIon(again))).toBe(base64(hashIon(transcodeToBinary(real()))));
    expect(Buffer.from(again).equals(Buffer.from(transcodeToBinary(real())))).toBe(true);
  });

  it("tells what its transaction did", () => {
    const { statements, documents } = decodeTransactionInfo(
      decodeBlock(transcodeToBinary(real())).transactionInfo!,
    );
    expect(statements).toHaveLength(1);
    expect(statements[0]?.startTime).toBe("2019-09-16T19:37:05.302Z");
    expect(documents?.get("JUJgkIcNbhS2goq8RqLuZ4")).toEqual({
      tableName: "VehicleRegistration",
      tableId: "BFJKdXgzt9oF4wjMbuxy4G",
      statements: [0],
    });
  });

  it("may ask for redactions, which are hashed", () => {
    const previous = aBlock();
    const { blockAddress } = previous;
    const request = {
      blockAddress,
      tableId: "1SUXCa3wwV0GD7kV78RbSg",
      documentId: "d".repeat(22),
      version: 0,
    };
    const block = buildBlock({
      blockAddress: { ...blockAddress, sequenceNo: 1 },
      transactionId: "t".repeat(22),
      blockTimestamp: "2024-02-29T12:00:01.000Z",
      previousBlockHash: previous.blockHash,
      redactionInfo: encodeRedactionInfo([request]),
    });
    const read = decodeBlock(encodeBlock(block));
    expect(decodeRedactionInfo(read.redactionInfo!)).toEqual([request]);
    expect(verifyBlock(read, { previous, sealed: true }).findings).toEqual([]);
    const { redactionInfo: _gone, ...without } = read;
    const forged = { ...without, redactionInfo: encodeRedactionInfo([{ ...request, version: 1 }]) };
    expect(rulesOf(forged)).toEqual(["redaction-info-entry"]);
  });
});

describe("a revision", () => {
  it("keeps its hash when it is redacted, and survives encoding in each of its forms", () => {
    const block = aBlock({ documents: ["insert", "delete", "redacted", "hash-only"] });
    for (const revision of block.revisions!) {
      const redacted = redactRevision(revision);
      expect(redacted.hash).toBe(revision.hash);
      expect("data" in redacted).toBe(false);
      expect(encodeRevision(decodeRevision(encodeRevision(revision)))).toEqual(encodeRevision(revision));
    }
  });
});
