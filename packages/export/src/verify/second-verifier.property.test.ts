// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { type Block, parseDigest, parseProof } from "@ledger-loader/journal";
import { plainRuns } from "@ledger-loader/testkit";
import { openExport, verifyExport } from "@ledger-loader/export";
import * as fc from "fast-check";
import { load } from "ion-js";
import { arbitraryChange, changeOneValue, writeChanged } from "../../test/changed-value";
import { type JournalPlan, STRAND, buildJournal, digestOf } from "../../test/sample-journal";
import { leadsTo } from "../../test/second-hashes";
import { verifyAgain } from "../../test/second-verifier";
import { withTemporaryFolder } from "../../test/temporary-folder";
import { type WrittenJournal, writeJournal } from "../../test/written-journal";

/** Documents of every type whose text ion-js keeps: it rounds what is finer than milliseconds. */
const texts = fc.constantFrom(
  "{n:1}",
  "{price:1.50,weight:2e0,exact:1.5,none:null.int}",
  "{at:2020-02-29T23:59:59.120Z,day:1963-08-19T,offset:2020-01-01T00:00:00.0-08:00}",
  '{blob:{{Cwwh}},clob:{{"\\x0b\\x0c\\x0e"}},list:[1,a::b,(c d)],sym:\'a b\',text:"\\u000b\\u000e"}',
  "{nested:{a:{b:[{c:true},{c:false}]}},big:123456789012345678901234567890,minus:-5,zero:0e0}",
);

const plans = fc.record({
  first: fc.constantFrom(0, 0, 7),
  sealed: fc.boolean(),
  blocks: fc.array(
    fc.oneof(
      { weight: 1, arbitrary: fc.constant(undefined) },
      {
        weight: 5,
        arbitrary: fc.uniqueArray(
          fc.record({
            document: fc.integer({ min: 0, max: 4 }),
            kind: fc.constantFrom(
              "data" as const,
              "data" as const,
              "delete" as const,
              "redacted" as const,
              "hash-only" as const,
            ),
            text: texts,
          }),
          { selector: ({ document }) => document, maxLength: 4 },
        ),
      },
    ),
    { minLength: 1, maxLength: 6 },
  ),
});

const formats = fc.constantFrom("ion-text" as const, "ion-binary" as const);

/** Without anything that cannot be checked. */
const plainPlans = fc
  .record({ sealed: fc.boolean(), texts: fc.array(texts, { minLength: 1, maxLength: 6 }) })
  .map((plan): JournalPlan => ({
    first: 0,
    sealed: plan.sealed,
    blocks: plan.texts.map((text, document) => [{ document, kind: "data", text }]),
  }));

const oneBlock = (kind: "data" | "hash-only"): JournalPlan => ({
  first: 0,
  sealed: false,
  blocks: [[{ document: 0, kind, text: "{n:1}" }]],
});

/** One of each verdict, whatever the other runs meet: passed, incomplete, and failed. */
const EXAMPLES: [JournalPlan, "ion-text", damage: number][] = [
  [oneBlock("data"), "ion-text", 0],
  [oneBlock("hash-only"), "ion-text", 0],
  [oneBlock("data"), "ion-text", 2],
];

/** The verdicts of both verifiers, against a digest of the last block or another one. */
async function both({ manifestPath }: WrittenJournal, hash: Uint8Array, tip: number): Promise<string[]> {
  const tipAddress = { strandId: STRAND, sequenceNo: tip };
  const { verdict } = await verifyExport(await openExport([manifestPath]), { digest: { hash, tipAddress } });
  return [verdict, verifyAgain(manifestPath, [{ hash, strandId: STRAND, tip }]).verdict];
}

const lastOf = (blocks: readonly Block[]): number => blocks.at(-1)?.blockAddress.sequenceNo ?? 0;

describe("a second verifier, written from the format's page alone", () => {
  it("agrees on sound exports, and on those with a wrong digest or a missing object", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(plans, plainPlans),
        formats,
        fc.nat(2),
        async (plan: JournalPlan, format, damage) =>
          withTemporaryFolder(async (folder) => {
            const blocks = buildJournal(plan);
            const written = await writeJournal(folder, blocks, { format, maxObjectBytes: 1 });
            if (damage === 1) await rm(written.objectPath);
            const hash = digestOf(damage === 2 ? [...blocks, ...blocks] : blocks);
            const [ours, theirs] = await both(written, hash, lastOf(blocks));
            seen.add(ours ?? "");
            expect(theirs).toBe(ours);
          }),
      ),
      { numRuns: plainRuns(40), examples: EXAMPLES },
    );
    expect([...seen].sort()).toEqual(["failed", "incomplete", "passed"]);
  });

  it("finds every change of a value that ours finds", async () => {
    await fc.assert(
      fc.asyncProperty(plans, formats, arbitraryChange, async (plan, format, change) => {
        const blocks = buildJournal(plan);
        const changedBlock = changeOneValue(blocks, change, plan.sealed);
        await withTemporaryFolder(async (folder) => {
          const written = await writeJournal(folder, blocks, { format });
          await writeChanged(written, blocks, changedBlock, format);
          expect(await both(written, digestOf(blocks), lastOf(blocks))).toEqual(["failed", "failed"]);
        });
      }),
      { numRuns: plainRuns(80) },
    );
  });

  it("follows the proofs that QLDB gave", () => {
    const read = (name: string): string =>
      readFileSync(join(__dirname, "../../test/fixtures/aws-cli", name), "utf8");
    const digest = parseDigest(read("digest.json"));
    const trusted = { hash: digest.hash, strandId: "", tip: digest.tipAddress.sequenceNo };
    const block = load(read("block.ion"));
    const blockHash = block?.get("blockHash")?.uInt8ArrayValue() ?? new Uint8Array(0);
    const revision = block?.get("revisions", 0, "hash")?.uInt8ArrayValue() ?? new Uint8Array(0);
    const sequenceNo = block?.get("blockAddress", "sequenceNo")?.numberValue() ?? -1;
    const [ofBlock, ofRevision] = [
      parseProof(read("block-proof.ion")),
      parseProof(read("revision-proof.ion")),
    ];
    expect(leadsTo(blockHash, ofBlock, blockHash, sequenceNo, trusted)).toBe(true);
    expect(leadsTo(revision, ofRevision, blockHash, sequenceNo, trusted)).toBe(true);
    expect(leadsTo(revision, ofRevision, blockHash, sequenceNo + 20, trusted)).toBe(false);
    expect(leadsTo(revision, ofRevision.slice(1), blockHash, sequenceNo, trusted)).toBe(false);
  });
});
