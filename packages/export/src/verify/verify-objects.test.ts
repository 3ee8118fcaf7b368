// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type Block } from "@ledger-loader/journal";
import { type VerificationReport, openExport, verifyExport } from "@ledger-loader/export";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildJournal, digestOf, type PlannedBlock, STRAND } from "../../test/sample-journal";
import { rulesOf, writeJournal } from "../../test/written-journal";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "export-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const insert = (document: number): PlannedBlock => [{ document, kind: "data", text: `{n:${document}}` }];
const journal = (count = 5): Block[] =>
  buildJournal({ first: 0, sealed: false, blocks: Array.from({ length: count }, (_, i) => insert(i)) });

async function write(
  blocks: readonly Block[],
  options?: Parameters<typeof writeJournal>[2],
): Promise<string> {
  return (await writeJournal(folder, blocks, options)).manifestPath;
}

describe("objects and manifest", () => {
  const path = (range: string): string => join(folder, `2020/06/01/10/${STRAND}.${range}.ion`);

  async function damaged(damage: () => Promise<void>): Promise<VerificationReport> {
    const manifest = await write(journal(), { maxObjectBytes: 1 });
    await damage();
    return verifyExport(await openExport([manifest]));
  }

  it("must all be there; what comes after a missing one is still verified", async () => {
    const report = await damaged(() => rm(path("2-2")));
    expect(report).toMatchObject({ verdict: "incomplete", assurance: undefined, blocks: 4 });
    expect(report.findings).toMatchObject([{ rule: "object-missing", blockAddress: { sequenceNo: 2 } }]);
  });

  it.each([
    ["fail if a digest covers the missing one", 5, "failed"],
    ["fail if the digest's own block is missing", 3, "failed"],
    ["are incomplete if the digest ends before the missing one", 2, "incomplete"],
  ])("%s", async (_what, count, verdict) => {
    const blocks = journal();
    const manifest = await write(blocks, { maxObjectBytes: 1 });
    await rm(path("2-2"));
    const digest = {
      hash: digestOf(blocks.slice(0, count)),
      tipAddress: { strandId: STRAND, sequenceNo: count - 1 },
    };
    const report = await verifyExport(await openExport([manifest]), { digest });
    expect(report.verdict).toBe(verdict);
    expect(report.findings).toContainEqual(
      expect.objectContaining({ rule: "object-missing", severity: verdict }),
    );
  });

  it.each([
    ["is empty", () => Promise.resolve(""), ["failed object-range"]],
    [
      "holds the block of another object",
      async () => readFile(path("1-1"), "utf8"),
      ["failed sequence", "failed chain-link", "failed object-range", "failed object-range"],
    ],
    [
      "holds a block twice",
      async () => (await readFile(path("2-2"), "utf8")).repeat(2),
      ["failed sequence", "failed chain-link"],
    ],
    [
      "ends within a block",
      async () => (await readFile(path("2-2"), "utf8")).slice(0, -10),
      ["failed object-content"],
    ],
    [
      "holds a block with a field missing",
      async () => (await readFile(path("2-2"), "utf8")).replace(/blockTimestamp:[^,]+,/, ""),
      ["failed malformed-block"],
    ],
  ])("fail if one %s", async (_what, content, expected) => {
    const report = await damaged(async () => writeFile(path("2-2"), await content()));
    expect(rulesOf(report).slice(0, expected.length)).toEqual(expected);
    expect(report.findings.map(({ blockAddress }) => blockAddress?.sequenceNo)).toContain(2);
    expect(report.findings.every(({ key }) => key !== undefined)).toBe(true);
  });

  it.each([
    ["rubbish", "rubbish"],
    ["a struct that is no block", "{}"],
    ["another export in Ion", "$ion_1_0 {Item:{VIN:{S:'1'}}}"],
    ["a web page", "<!DOCTYPE html><html></html>"],
    ["the error of a download", "<Error><Code>AccessDenied</Code></Error>"],
    ["an archive", Buffer.from("PK\x03\x04\x14\0\0\0", "latin1")],
    ["encrypted bytes", Buffer.from("9f3c00c1aa07e1d2fe88", "hex")],
  ])("give no verdict if one holds %s, and the others are verified", async (_what, content) => {
    const report = await damaged(() => writeFile(path("2-2"), content));
    expect(report).toMatchObject({ verdict: "not-comparable", assurance: undefined, blocks: 4 });
    expect(report.findings).toMatchObject([
      { rule: "object-content", severity: "not-comparable", blockAddress: { sequenceNo: 2 } },
    ]);
  });

  it("that are damaged outweigh those in another format", async () => {
    const report = await damaged(async () => {
      await writeFile(path("2-2"), "rubbish");
      await writeFile(path("3-3"), (await readFile(path("3-3"), "utf8")).replace("{n:3}", "{n:4}"));
      await rm(path("1-1"));
    });
    expect(report.verdict).toBe("failed");
  });

  it("must be listed in order", async () => {
    const manifest = await write(journal(), { maxObjectBytes: 1 });
    const content = await readFile(manifest, "utf8");
    await writeFile(
      manifest,
      content.replace(".1-1.", ".x.").replace(".2-2.", ".1-1.").replace(".x.", ".2-2."),
    );
    const report = await verifyExport(await openExport([manifest]));
    expect(report.verdict).toBe("failed");
    expect(rulesOf(report)).toContain("failed sequence");
  });

  it("without any block verify nothing", async () => {
    expect(await verifyExport(await openExport([await write([])]))).toMatchObject({
      verdict: "incomplete",
      assurance: undefined,
      blocks: 0,
      range: undefined,
    });
  });

  it("of several exports are verified across their borders", async () => {
    const blocks = journal();
    const paths = [
      await write(blocks.slice(3), { exportId: "B" }),
      await write(blocks.slice(0, 3), { exportId: "A" }),
    ];
    const report = await verifyExport(await openExport(paths), {
      digest: { hash: digestOf(blocks), tipAddress: { strandId: STRAND, sequenceNo: 4 } },
    });
    expect(report).toMatchObject({
      verdict: "passed",
      assurance: "anchored",
      ledgerName: "vehicles",
      objects: 2,
      blocks: 5,
    });
  });
});
