// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  type Block,
  type Digest,
  MerkleTree,
  blockHashOf,
  buildBlock,
  entriesHashOf,
  merkleRoot,
  parseDigest,
  parseProof,
  revisionProof,
} from "@ledger-loader/journal";
import { hashIonString, transcodeToBinary } from "@ledger-loader/ion";
import {
  type VerificationProgress,
  type VerificationReport,
  openExport,
  verifyExport,
  writeExport,
} from "@ledger-loader/export";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildJournal,
  digestOf,
  documentId,
  type JournalPlan,
  type PlannedBlock,
  STRAND,
} from "../../test/sample-journal";
import { rulesOf, writeJournal } from "../../test/written-journal";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "export-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const insert = (document: number): PlannedBlock => [{ document, kind: "data", text: `{n:${document}}` }];
const remove = (document: number): PlannedBlock => [{ document, kind: "delete", text: "{}" }];
const journal = (plan: Partial<JournalPlan> = {}): Block[] =>
  buildJournal({ first: 0, sealed: false, blocks: [0, 1, 2, 3, 4].map(insert), ...plan });
const digestAt = (blocks: readonly Block[]): Digest => ({
  hash: digestOf(blocks),
  tipAddress: blocks.at(-1)!.blockAddress,
});

async function write(
  blocks: readonly Block[],
  options?: Parameters<typeof writeJournal>[2],
): Promise<string> {
  return (await writeJournal(folder, blocks, options)).manifestPath;
}

async function verify(
  blocks: readonly Block[],
  options: Parameters<typeof verifyExport>[1] = {},
): Promise<VerificationReport> {
  return verifyExport(await openExport([await write(blocks)]), options);
}

describe("a digest", () => {
  it("anchors every block up to its tip", async () => {
    const blocks = journal();
    expect(await verify(blocks, { digest: digestAt(blocks) })).toMatchObject({
      verdict: "passed",
      assurance: "anchored",
      anchoredThrough: 4,
      findings: [],
    });
  });

  it("anchors up to its tip, and a warning names the blocks after it", async () => {
    const blocks = journal();
    const report = await verify(blocks, { digest: digestAt(blocks.slice(0, 3)) });
    expect(report).toMatchObject({ verdict: "passed", assurance: "anchored", anchoredThrough: 2 });
    expect(rulesOf(report)).toEqual(["warning anchor-range"]);
  });

  it("that is newer than the export's end leaves the verdict incomplete", async () => {
    const blocks = journal();
    expect((await verify(blocks.slice(0, 3))).verdict).toBe("passed");
    await rm(folder, { recursive: true });
    const report = await verify(blocks.slice(0, 3), { digest: digestAt(blocks) });
    expect(report).toMatchObject({ verdict: "incomplete", assurance: "consistent" });
    expect(report.findings[0]).toMatchObject({
      rule: "digest",
      severity: "incomplete",
      blockAddress: { strandId: STRAND, sequenceNo: 4 },
    });
    expect(report.findings[0]?.message).toContain("ends with block 2");
  });

  it("catches a journal that was made anew, consistent in itself", async () => {
    const other = journal({ blocks: [0, 1, 2, 3, 7].map(insert) });
    const report = await verify(other, { digest: digestAt(journal()) });
    expect(report).toMatchObject({ verdict: "failed", anchors: [{ kind: "digest", status: "failed" }] });
    expect(report.assurance).toBeUndefined();
  });

  it("cannot be checked where the journal's beginning is missing, and that is said", async () => {
    const blocks = journal();
    const report = await verify(blocks.slice(2), { digest: digestAt(blocks) });
    expect(report).toMatchObject({
      verdict: "incomplete",
      assurance: "consistent",
      startsMidJournal: true,
      anchors: [{ status: "unchecked" }],
    });
    expect(rulesOf(report)).toEqual(["incomplete digest"]);
    await rm(folder, { recursive: true });
    const earlier = await verify(blocks.slice(2), { digest: digestAt(blocks.slice(0, 2)) });
    expect(earlier).toMatchObject({ verdict: "incomplete", anchors: [{ status: "unchecked" }] });
  });

  it("of another strand gives no verdict, and leaves what was recomputed as it is", async () => {
    const blocks = journal();
    const digest = { hash: digestOf(blocks), tipAddress: { strandId: "other", sequenceNo: 4 } };
    expect(await verify(blocks, { digest })).toMatchObject({
      verdict: "not-comparable",
      assurance: "consistent",
      anchors: [{ status: "not-comparable" }],
    });
  });
});

describe("a proof", () => {
  const blocks = journal();
  const tree = new MerkleTree();
  for (const { blockHash } of blocks) tree.append(blockHash);
  const digest = digestAt(blocks);
  const proofOf = (sequenceNo: number) => ({
    blockAddress: { strandId: STRAND, sequenceNo },
    proof: tree.proof(sequenceNo),
    digest,
  });
  const revisionProofOf = (sequenceNo: number) => ({
    ...proofOf(sequenceNo),
    documentId: documentId(sequenceNo),
    proof: revisionProof(blocks[sequenceNo]!, 0, tree.proof(sequenceNo)),
  });

  it.each([
    ["block", proofOf(4)],
    ["revision", revisionProofOf(4)],
  ])("of the last %s anchors an export that begins mid-journal", async (_what, proof) => {
    const report = await verify(blocks.slice(2), { proofs: [proof] });
    expect(report).toMatchObject({
      verdict: "passed",
      assurance: "anchored",
      anchoredThrough: 4,
      findings: [],
    });
  });

  it("anchors nothing after its block", async () => {
    const report = await verify(blocks, { proofs: [proofOf(1), revisionProofOf(2)] });
    expect(report).toMatchObject({ verdict: "passed", assurance: "anchored", anchoredThrough: 2 });
    expect(rulesOf(report)).toEqual(["warning anchor-range"]);
  });

  it.each([
    ["of another block", { ...proofOf(4), proof: tree.proof(3) }],
    ["with a hash missing", { ...proofOf(3), proof: tree.proof(3).slice(1) }],
    ["against another digest", { ...proofOf(3), digest: { ...digest, hash: hashIonString("x") } }],
    ["of a document that is not there", { ...revisionProofOf(3), documentId: documentId(4) }],
  ])("%s does not hold", async (_what, proof) => {
    const report = await verify(blocks, { proofs: [proof] });
    expect(report.verdict).toBe("failed");
    expect(rulesOf(report)).toContain("failed proof");
  });

  it("of a block before the export stays unchecked", async () => {
    const report = await verify(blocks.slice(2), { proofs: [proofOf(0)] });
    expect(report).toMatchObject({ verdict: "incomplete", anchors: [{ status: "unchecked" }] });
  });

  it("of a block after the end stays unchecked", async () => {
    const proof = { ...proofOf(4), blockAddress: { strandId: STRAND, sequenceNo: 5 } };
    const report = await verify(blocks, { proofs: [proof] });
    expect(report).toMatchObject({ verdict: "incomplete", anchors: [{ status: "unchecked" }] });
  });

  it.each([
    ["of another strand", { ...proofOf(3), blockAddress: { strandId: "other", sequenceNo: 3 } }],
    [
      "against a digest of another strand",
      { ...proofOf(3), digest: { ...digest, tipAddress: { strandId: "other", sequenceNo: 4 } } },
    ],
    [
      "that was requested for another digest",
      { ...proofOf(3), start: blocks[3]!.blockHash, digest: { ...digest, hash: hashIonString("x") } },
    ],
  ])("%s gives no verdict", async (_what, proof) => {
    const report = await verify(blocks, { proofs: [proof] });
    expect(report).toMatchObject({ verdict: "not-comparable", anchors: [{ status: "not-comparable" }] });
  });

  it("that is right by itself fails an export with another block", async () => {
    const other = journal({ blocks: [0, 1, 2, 7, 4].map(insert) });
    const report = await verify(other, { proofs: [{ ...proofOf(3), start: blocks[3]!.blockHash }] });
    expect(report).toMatchObject({ verdict: "failed", anchors: [{ status: "failed" }] });
  });
});

describe("a real block of QLDB", () => {
  const fixture = (name: string): Promise<string> =>
    readFile(join(__dirname, "../../test/fixtures/aws-cli", name), "utf8");

  async function openReal() {
    const strandId = "KmA3ZZca7vAIiJAK9S5Iwl";
    const block = transcodeToBinary(await fixture("block.ion"));
    const target = { folder, ledgerName: "vehicle-registration", strandId, format: "ion-text" as const };
    const { manifestPath } = await writeExport({ ...target, blocks: [block] });
    return {
      source: await openExport([manifestPath]),
      digest: parseDigest(await fixture("digest.json")),
      blockAddress: { strandId, sequenceNo: 100 },
    };
  }

  it("is consistent as an export of one block mid-journal", async () => {
    const { source } = await openReal();
    expect(await verifyExport(source)).toMatchObject({
      verdict: "passed",
      assurance: "consistent",
      startsMidJournal: true,
      period: { first: "2019-09-16T19:37:05.360Z" },
      range: { first: 100, last: 100 },
      revisions: { data: 1, delete: 0, redacted: 0, "hash-only": 0 },
      tables: [{ tableName: "VehicleRegistration", tableId: "BFJKdXgzt9oF4wjMbuxy4G", revisions: 1 }],
      findings: [],
      uncoveredFields: expect.arrayContaining([expect.objectContaining({ field: "blockTimestamp" })]),
    });
  });

  it("is anchored by its real block proof, and by its real revision proof", async () => {
    const { source, digest, blockAddress } = await openReal();
    const block = { blockAddress, digest, proof: parseProof(await fixture("block-proof.ion")) };
    expect(await verifyExport(source, { proofs: [block] })).toMatchObject({
      verdict: "passed",
      assurance: "anchored",
      findings: [],
    });
    const proof = parseProof(await fixture("revision-proof.ion"));
    const revision = { blockAddress, digest, proof, documentId: "JUJgkIcNbhS2goq8RqLuZ4" };
    expect(await verifyExport(source, { proofs: [revision] })).toMatchObject({
      verdict: "passed",
      assurance: "anchored",
      findings: [],
    });
  });

  it("is not all that a digest with tip 123 covers", async () => {
    const { source, digest } = await openReal();
    const report = await verifyExport(source, { digest });
    expect(report).toMatchObject({ verdict: "incomplete", anchors: [{ status: "unchecked" }] });
    expect(report.findings[0]?.message).toContain("ends with block 100");
  });
});

describe("deletions whose hash matches no reading of QLDB's rules", () => {
  /** A deletion with a hash of unknown making, entries and block hash made to fit. */
  const withOtherHash = (block: Block, previousBlockHash: Block["previousBlockHash"]): Block => {
    const revisions = block.revisions!.map((revision) => ({
      ...revision,
      hash: hashIonString("unknown rule"),
    }));
    const entriesHashList = [
      hashIonString("opaque"),
      merkleRoot(revisions.map(({ hash }) => hash)),
      ...block.entriesHashList.slice(2),
    ];
    const entriesHash = entriesHashOf(entriesHashList);
    return {
      ...block,
      revisions,
      entriesHashList,
      entriesHash,
      previousBlockHash,
      blockHash: blockHashOf(entriesHash, previousBlockHash),
    };
  };

  it("are incomplete and linked if none in the export matches", async () => {
    const [first, second] = journal({ blocks: [insert(0), remove(0)] }) as [Block, Block];
    const report = await verify([first, withOtherHash(second, first.blockHash)]);
    expect(report).toMatchObject({ verdict: "incomplete", assurance: "linked", linkedRevisions: 1 });
    expect(report.findings).toMatchObject([
      { rule: "delete-revision-hash", severity: "incomplete", documentId: documentId(0) },
    ]);
  });

  it("fail if others match", async () => {
    const [first, second] = journal({ blocks: [remove(1), remove(0)] }) as [Block, Block];
    const report = await verify([first, withOtherHash(second, first.blockHash)]);
    expect(report.verdict).toBe("failed");
    expect(report.findings).toMatchObject([
      { rule: "delete-revision-hash", severity: "failed", documentId: documentId(0) },
    ]);
  });
});

describe("transactions and revisions", () => {
  it("that lost all their revisions fail, though every hash still recomputes", async () => {
    const blocks = journal().map(({ revisions: _revisions, ...block }) => block);
    const report = await verify(blocks, { digest: digestAt(blocks) });
    expect(report.verdict).toBe("failed");
    expect(report.findings[0]).toMatchObject({
      rule: "revision-missing",
      documentId: documentId(0),
      blockAddress: { sequenceNo: 0 },
    });
  });

  it("that do not name a document's table are linked", async () => {
    const [block] = journal({ blocks: [insert(0)] });
    const { transactionInfo: _info, ...rest } = block!;
    const report = await verify([rest]);
    expect(report).toMatchObject({ verdict: "incomplete", assurance: "linked", tables: [] });
    expect(report.findings).toMatchObject([{ rule: "revision-table", documentId: documentId(0) }]);
  });

  it("are all counted, and those without content leave the verdict incomplete", async () => {
    const kinds = ["data", "delete", "redacted", "hash-only"] as const;
    const blocks = journal({
      blocks: [kinds.map((kind, document) => ({ document, kind, text: "{}" })), undefined],
    });
    const report = await verify(blocks);
    expect(rulesOf(report)).toEqual(["incomplete unchecked-content"]);
    expect(report).toMatchObject({
      verdict: "incomplete",
      assurance: "consistent",
      revisions: { data: 1, delete: 1, redacted: 1, "hash-only": 1 },
      linkedRevisions: 2,
      tables: [{ tableName: "T1", revisions: 3 }],
    });
  });

  it("of our own ledger leave no field uncovered", async () => {
    const blocks = journal({ sealed: true });
    expect((await verify(blocks)).uncoveredFields).toEqual([]);
    await rm(folder, { recursive: true });
    const late = blocks.map((block) => ({
      ...block,
      blockTimestamp: block.blockTimestamp.replace("10:00", "10:30"),
    }));
    const report = await verify(late);
    expect(report.verdict).toBe("failed");
    expect(rulesOf(report)).toContain("failed header-entry");
  });
});

it("keeps the report bounded, and counts what it leaves out", async () => {
  const blocks = journal({ first: 1 }).map((block) => ({ ...block, entriesHash: hashIonString("x") }));
  const report = await verify(blocks, { maxFindings: 2 });
  expect(report.findings).toHaveLength(2);
  expect(report.findingCounts).toMatchObject({ "entries-hash": 5 });
});

it("tells how far it has come, up to the end", async () => {
  const seen: VerificationProgress[] = [];
  const report = await verify(journal(), { onProgress: (progress) => seen.push(progress) });
  expect(seen.at(-1)).toMatchObject({ blocks: 5, bytes: report.bytes });
  expect(seen.at(-1)!.totalBytes).toBeGreaterThanOrEqual(report.bytes);
});

it("accepts blocks without transaction", async () => {
  const block = buildBlock({
    blockAddress: { strandId: STRAND, sequenceNo: 0 },
    transactionId: "tx",
    blockTimestamp: "2020-06-01T10:00:00.000Z",
    previousBlockHash: undefined,
  });
  expect(await verify([block])).toMatchObject({ verdict: "passed", findings: [] });
});
