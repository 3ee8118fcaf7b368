// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { formatHash, hashIon } from "@ledger-loader/ion";
import {
  type Block,
  type Receipt,
  type ReceiptSubject,
  type Revision,
  decodeBlock,
  encodeRevision,
  parseReceipt,
  redactRevision,
  verifyReceipts,
} from "@ledger-loader/journal";
import { base64, readVector, vectorValue } from "../test/vectors";

const vector = (name: string): string => readVector(name).trim();
const block = vector("aws-cli/block.ion");
const [blockProof, revisionProof] = [vector("aws-cli/block-proof.ion"), vector("aws-cli/revision-proof.ion")];
const digest = vector("aws-cli/digest.json");
const answer = (members: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(members).map(([name, ion]) => [name, { IonText: ion }])));
/** The revision of the block, as `GetRevision` answers it. */
const revision = /revisions:\[(.*)\]\}$/.exec(block)?.[1] ?? "";

/** The files, the proven subject, and the last block of the digest. */
const SOUND: readonly (readonly [what: string, files: readonly string[], proven: object])[] = [
  [
    "GetBlock and GetDigest",
    [answer({ Block: block, Proof: blockProof }), digest],
    { kind: "block", content: "recomputed" },
  ],
  [
    "GetRevision and GetDigest",
    [digest, answer({ Revision: revision, Proof: revisionProof })],
    { kind: "revision", documentId: "JUJgkIcNbhS2goq8RqLuZ4", version: 3, content: "recomputed" },
  ],
  ["a block, its proof and a digest", [block, blockProof, digest], { kind: "block", content: "recomputed" }],
  [
    "a block with the proof of its revision",
    [answer({ Block: block, Proof: revisionProof }), digest],
    { kind: "revision" },
  ],
  ["a block and the proof of its revision", [block, revisionProof, digest], { kind: "revision", version: 3 }],
  [
    "a receipt of AWS's sample",
    [vector("receipts/qldb-api-90-91.json")],
    { kind: "hash", content: "hash-only" },
  ],
  ...["19-19", "19-35"].map((id): (typeof SOUND)[number] => [
    `a hash and its proof in two files: ${id}`,
    [vector(`receipts/qldb-api-${id}.json`), vector(`receipts/qldb-api-${id}.proof.ion`)],
    { kind: "hash", blockAddress: undefined },
  ]),
];

const verify = (files: readonly string[]) => verifyReceipts(files.map(parseReceipt));

describe("receipts of QLDB", () => {
  it.each(SOUND)("verify: %s", (_what, files, proven) => {
    const { proofs, unproven, unmatched } = verify(files);
    expect([unproven, unmatched]).toEqual([[], []]);
    expect(proofs).toEqual([
      expect.objectContaining({ verdict: "passed", reason: undefined, findings: [], ...proven }),
    ]);
  });

  it("verify together, each against the digest to which its proof leads", () => {
    const files = [block, blockProof, revisionProof, digest, vector("receipts/qldb-api-90-91.json")];
    const { proofs } = verify(files);
    expect(proofs.map(({ verdict, kind, receipt }) => [verdict, kind, receipt])).toEqual([
      ["passed", "block", 1],
      ["passed", "revision", 2],
      ["passed", "hash", 4],
    ]);
  });

  it.each(SOUND.slice(1))(
    "do not verify with a bit flipped, unless no hash covers it: %s",
    (_what, files) => {
      let [tried, refused] = [0, 0];
      for (const [index, file] of files.entries()) {
        for (let at = 0; at < file.length; at += STRIDE) {
          tried++;
          const changed = file.slice(0, at) + flipped(file, at) + file.slice(at + 1);
          const parsed = tryVerify(files.with(index, changed));
          if (parsed === undefined) refused++;
          else expect(parsed.map(covered)).toEqual(files.map((each) => covered(parseReceipt(each))));
        }
      }
      expect(refused).toBeGreaterThan(tried * 0.8);
    },
  );
});

/** Which places are tried: all of them, with `RECEIPT_STRIDE=1`, take half a minute. */
const STRIDE = Number(process.env["RECEIPT_STRIDE"] ?? 11);

/** The character with a bit flipped that depends on its place, so that all bits have their turn. */
const flipped = (text: string, at: number): string =>
  String.fromCharCode(text.charCodeAt(at) ^ (1 << (Math.floor(at / STRIDE) % 7)));

/** The receipts, if they can be read, and every proof verifies. */
function tryVerify(files: readonly string[]): readonly Receipt[] | undefined {
  try {
    const receipts = files.map(parseReceipt);
    const { proofs, unproven, unmatched } = verifyReceipts(receipts);
    const isSound = proofs.length > 0 && proofs.every(({ verdict }) => verdict === "passed");
    return isSound && unproven.length + unmatched.length === 0 ? receipts : undefined;
  } catch (error) {
    if (error instanceof LedgerLoaderError) return undefined;
    throw error;
  }
}

/** A receipt without what no hash covers, which the reports list. */
function covered({ subjects, proofs, digests }: Receipt): unknown {
  return {
    subjects: subjects.map(coveredSubject),
    proofs: proofs.map((proof) => proof.map(formatHash)),
    digests: digests.map(({ hash }) => formatHash(hash)),
  };
}

function coveredSubject(subject: ReceiptSubject): unknown {
  switch (subject.kind) {
    case "hash":
      return formatHash(subject.hash);
    case "revision":
      return coveredRevision(subject.revision);
    case "block": {
      const {
        blockAddress,
        transactionId,
        entriesHashList,
        blockHash,
        transactionInfo,
        revisions = [],
      }: Block = subject.block;
      const hashes = [...entriesHashList, blockHash, hashIon(transactionInfo!)].map(formatHash);
      return { blockAddress, transactionId, hashes, revisions: revisions.map(coveredRevision) };
    }
  }
}

function coveredRevision({ hash, data, metadata }: Revision): unknown {
  return [formatHash(hash), formatHash(hashIon(data!)), metadata];
}

describe("receipts that do not hold", () => {
  const verdictOf = (files: readonly string[]) =>
    verify(files).proofs.map(({ verdict, reason }) => [verdict, reason]);
  const getBlock = answer({ Block: block, Proof: blockProof });
  const withTip = (from: string, to: string): string => digest.replace(from, to);

  it.each([
    [
      "a digest of another strand",
      [getBlock, withTip("KmA3", "KmA4")],
      "not-comparable",
      /digest is of strand KmA4/,
    ],
    [
      "a digest from before the block",
      [getBlock, withTip(":123", ":99")],
      "not-comparable",
      /ends with block 99, before block 100/,
    ],
    [
      "a digest with another hash",
      [getBlock, withTip("6m6B", "7m6B")],
      "failed",
      /does not lead to the digest/,
    ],
    ["a digest of a tip with a longer path", [getBlock, withTip(":123", ":1023")], "failed", /another place/],
  ])("are told for what they are: %s", (_what, files, verdict, reason) => {
    const [found] = verdictOf(files);
    expect(found).toEqual([verdict, expect.stringMatching(reason)]);
  });

  it("fail where the content is another one than was hashed, though the proof leads to the digest", () => {
    const files = [
      answer({ Revision: revision.replace("Everett", "Seattle"), Proof: revisionProof }),
      digest,
    ];
    const [proof] = verify(files).proofs;
    expect(proof).toMatchObject({
      verdict: "failed",
      reason: undefined,
      findings: [{ rule: "revision-hash" }],
    });
  });

  it("fail at a place that the proof's shape excludes", () => {
    const at = (sequenceNo: number): string => revision.replace("sequenceNo:100", `sequenceNo:${sequenceNo}`);
    const verdicts = [99, 101, 123].map(
      (sequenceNo) =>
        verify([answer({ Revision: at(sequenceNo), Proof: revisionProof }), digest]).proofs[0]?.verdict,
    );
    expect(verdicts).toEqual(["failed", "failed", "failed"]);
  });

  it("are incomplete where the content was redacted", () => {
    const [first] = decodeBlock(vectorValue("aws-cli/block.ion")).revisions!;
    const redacted = encodeRevision(redactRevision(first!));
    const [proof] = verifyReceipts([
      parseReceipt(redacted),
      parseReceipt(revisionProof),
      parseReceipt(digest),
    ]).proofs;
    expect(proof).toMatchObject({ verdict: "incomplete", reason: undefined, content: "partly-hidden" });
    expect(base64(proof!.hash)).toBe(base64(first!.hash));
  });

  it("are counted where a part is missing", () => {
    const receipt = vector("receipts/qldb-api-90-91.json");
    expect(verify([receipt, block])).toMatchObject({ proofs: [{}], unproven: [1], unmatched: [] });
    expect(verify([receipt, blockProof])).toMatchObject({ proofs: [{}], unproven: [], unmatched: [1] });
  });
});

describe("parseReceipt", () => {
  it.each([
    "",
    "{}",
    "7",
    "not ion]",
    "[1]",
    '{"Digest":"AAAA"}',
    '{"RevisionHash":"AAAA"}',
    `${digest} ${digest}`,
  ])("refuses %j", (text) => {
    expect(() => parseReceipt(text)).toThrow(LedgerLoaderError);
  });
});
