// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type Block, type Digest, formatDigest } from "@ledger-loader/journal";
import { formatHash } from "@ledger-loader/ion";
import { type CliResult, runWords } from "../test/run-words";
import {
  STRAND,
  type SampleExport,
  type SampleRevision,
  sampleBlocks,
  sampleDigest,
  writeSampleExport,
} from "../test/sample-export";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "verdicts-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const insert = (n: number): SampleRevision[] => [{ n }];
const journal = (blocks: readonly SampleRevision[][] = [0, 1, 2, 3, 4].map(insert)): Block[] =>
  sampleBlocks(blocks);

/** An export as a user has it, and perhaps a digest from outside. */
interface Given {
  readonly blocks?: readonly Block[];
  readonly write?: Parameters<typeof writeSampleExport>[2];
  readonly digest?: Digest;
  readonly proof?: string;
  /** Changes the export after it was written. */
  readonly change?: (written: SampleExport) => void;
}

/** Verifies by the command, once for people at 80 columns and once for machines. */
async function verify(given: Given): Promise<{ readonly text: CliResult; readonly json: CliResult }> {
  const written = await writeSampleExport(join(folder, "export"), given.blocks ?? journal(), given.write);
  given.change?.(written);
  const words = ["export", "verify", join(folder, "export")];
  for (const [option, content] of [
    ["--digest", given.digest && formatDigest(given.digest)],
    ["--proof", given.proof],
  ] as const) {
    if (content === undefined) continue;
    const file = join(folder, `supplied${option}`);
    writeFileSync(file, content);
    words.push(option, file);
  }
  return {
    text: await runWords(words, { isTTY: true, columns: 80, env: { NO_COLOR: "1" } }),
    json: await runWords([...words, "--json"]),
  };
}

const replaceText =
  (from: string | RegExp, to: string) =>
  ({ objectPaths: [objectPath = ""] }: SampleExport): void => {
    const before = readFileSync(objectPath, "utf8");
    const after = before.replace(from, to);
    if (after === before) throw new Error("expected the object to change");
    writeFileSync(objectPath, after);
  };
const removeObject = ({ objectPaths }: SampleExport): void => {
  rmSync(objectPaths[1] ?? "");
};

const ONE_PER_OBJECT = { maxObjectBytes: 1 } as const;
const OTHER_STRAND = "A".repeat(22);

function toJson(block: Block): string {
  return JSON.stringify({
    blockAddress: block.blockAddress,
    transactionId: block.transactionId,
    blockTimestamp: block.blockTimestamp,
    blockHash: formatHash(block.blockHash),
    entriesHash: formatHash(block.entriesHash),
    previousBlockHash: block.previousBlockHash && formatHash(block.previousBlockHash),
    entriesHashList: block.entriesHashList.map(formatHash),
    revisions: (block.revisions ?? []).map(({ hash, metadata, blockAddress }) => ({
      blockAddress,
      hash: formatHash(hash),
      data: { n: 1 },
      metadata,
    })),
  });
}
const asJson = ({ objectPaths: [objectPath = ""] }: SampleExport): void => {
  writeFileSync(objectPath, journal().map(toJson).join("\n"));
};

/** The case, its input, the rule of the deciding finding, and the text that people read. */
type Row = readonly [what: string, given: () => Given, rule: string | undefined, says: RegExp];

const PASSED: readonly Row[] = [
  ["no digest", () => ({}), undefined, /^passed, consistent: [^]*next: verify against a digest/],
  [
    "a digest",
    () => ({ digest: sampleDigest(journal()) }),
    undefined,
    /^passed, anchored: [^]*next: replay it/,
  ],
  [
    "an older digest",
    () => ({ digest: sampleDigest(journal().slice(0, 3)) }),
    "anchor-range",
    /they cover blocks 0 to 2 of 0 to 4/,
  ],
];

const FAILED: readonly Row[] = [
  ["a document", () => ({ change: replaceText("{n:3}", "{n:4}") }), "revision-hash", /at block 3, document/],
  [
    "a block's hash",
    () => ({
      blocks: journal().map((block, i) => (i === 2 ? { ...block, blockHash: block.entriesHash } : block)),
    }),
    "block-hash",
    /at block 2/,
  ],
  [
    "a link",
    () => ({
      blocks: journal().map((block, i) =>
        i === 2 ? { ...block, previousBlockHash: block.entriesHash } : block,
      ),
    }),
    "chain-link",
    /at block 2/,
  ],
  [
    "the sequence",
    () => ({ change: replaceText(/sequenceNo:3/g, "sequenceNo:7") }),
    "sequence",
    /failed sequence/,
  ],
  [
    "the count of revisions",
    () => ({ blocks: journal().map(({ revisions: _lost, ...block }) => block) }),
    "revision-missing",
    /expected a revision of the document[^]*next: get the objects again/,
  ],
  [
    "the digest of this strand, within its range",
    () => ({ digest: sampleDigest(journal([0, 1, 9, 3, 4].map(insert))) }),
    "digest",
    /next: the export is consistent in itself/,
  ],
  [
    "an object that a digest covers",
    () => ({ write: ONE_PER_OBJECT, digest: sampleDigest(journal()), change: removeObject }),
    "object-missing",
    /next: copy the missing objects from where/,
  ],
];

const INCOMPLETE: readonly Row[] = [
  ["JSON", () => ({ change: asJson }), "unchecked-content", /in JSON[^]*ION_TEXT/],
  [
    "redacted revisions",
    () => ({
      blocks: journal([
        insert(0),
        [
          { n: 1, kind: "redacted" },
          { n: 2, kind: "redacted" },
        ],
      ]),
    }),
    "unchecked-content",
    /2 redacted: their content was removed on purpose[^]*next: nothing is to be mended/,
  ],
  [
    "hash-only revisions",
    () => ({ blocks: journal([insert(0), [{ n: 1, kind: "hash-only" }]]) }),
    "unchecked-content",
    /1 hash only: QLDB wrote[^]*no sign of damage[^]*next: nothing is to be mended/,
  ],
  [
    "the blocks of a newer digest",
    () => ({ blocks: journal().slice(0, 3), digest: sampleDigest(journal()) }),
    "digest",
    /next: add an export that reaches block 4/,
  ],
  [
    "an object",
    () => ({ write: ONE_PER_OBJECT, change: removeObject }),
    "object-missing",
    /next: copy the missing objects beside/,
  ],
];

const NOT_COMPARABLE: readonly Row[] = [
  [
    "a digest of another strand",
    () => ({
      digest: { ...sampleDigest(journal()), tipAddress: { strandId: OTHER_STRAND, sequenceNo: 4 } },
    }),
    "digest",
    new RegExp(`next: supply a digest and proofs of strand ${STRAND}`),
  ],
  [
    "a proof of another strand",
    () => ({ digest: sampleDigest(journal()), proof: foreignProof() }),
    "proof",
    new RegExp(`next: supply a digest and proofs of strand ${STRAND}`),
  ],
  [
    "an object in a foreign format",
    () => ({
      change: ({ objectPaths: [objectPath = ""] }) => {
        writeFileSync(objectPath, "PAR1 is how a Parquet file begins");
      },
    }),
    "object-content",
    /next: replace the objects named above/,
  ],
];

/** A real answer of GetBlock, of AWS's own sample ledger: of another strand than the journal here. */
function foreignProof(): string {
  const fixture = (name: string): string =>
    readFileSync(join(__dirname, "../../export/test/fixtures/aws-cli", name), "utf8").trim();
  const block = fixture("block.ion").replaceAll("KmA3ZZca7vAIiJAK9S5Iwl", OTHER_STRAND);
  return `BLOCK\t${block}\nPROOF\t${fixture("block-proof.ion")}\n`;
}

describe.each([
  ["passed", 0, PASSED],
  ["failed", 1, FAILED],
  ["incomplete", 3, INCOMPLETE],
  ["not-comparable", 2, NOT_COMPARABLE],
] as const)("%s, exit code %i", (verdict, exitCode, rows) => {
  it.each(rows)("%s", async (_what, given, rule, says) => {
    const { text, json } = await verify(given());
    const report = json.json() as { findings: { rule: string; severity: string }[]; findingCounts: object };
    const rules = report.findings.map((finding) => finding.rule);
    expect([json.exitCode, report]).toMatchObject([exitCode, { verdict, holds: verdict === "passed" }]);
    expect(rules).toEqual(rule === undefined ? [] : expect.arrayContaining([rule]));
    expect([text.exitCode, text.stdout.replace(/\s+/g, " ")]).toEqual([
      exitCode,
      expect.stringMatching(says),
    ]);
    expect(text.stdout).toMatch(new RegExp(`^${verdict}[,:] `));
    expect(text.stdout).toMatch(/^ *manifests +by their SHA-256\n( +[0-9a-f]{64}\n)+/m);
    expect(proseOf(text.stdout).filter((line) => line.length > 80)).toEqual([]);
    expect(text.stderr).not.toContain("error");
  });
});

/** The lines that can be broken: not those that are one long word, such as a path. */
function proseOf(stdout: string): string[] {
  return stdout.split("\n").filter((line) => !line.split(" ").some((word) => word.length > 60));
}

it("reads gzipped objects and manifests", async () => {
  const zip = ({ objectPaths: [objectPath = ""], manifestPath }: SampleExport): void => {
    for (const path of [objectPath, manifestPath]) writeFileSync(path, gzipSync(readFileSync(path)));
  };
  const { text, json } = await verify({ digest: sampleDigest(journal()), change: zip });
  expect([text.exitCode, json.json()]).toMatchObject([
    0,
    { verdict: "passed", assurance: "anchored", blocks: 5 },
  ]);
});
