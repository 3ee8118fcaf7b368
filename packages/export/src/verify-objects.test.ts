// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type Block, encodeBlock } from "@ledger-loader/journal";
import { type VerificationReport, openExport, verifyExport, writeExport } from "@ledger-loader/export";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildJournal, digestOf, type PlannedBlock, STRAND } from "../test/sample-journal";

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
  options: { maxObjectBytes?: number; exportId?: string } = {},
): Promise<string> {
  const target = {
    folder,
    ledgerName: "vehicles",
    strandId: STRAND,
    format: "ion-text" as const,
    ...options,
  };
  return (await writeExport({ ...target, blocks: blocks.map((block) => encodeBlock(block)) })).manifestPath;
}

const rules = ({ findings }: VerificationReport): string[] =>
  findings.map(({ rule, severity }) => `${severity} ${rule}`);

describe("objects and manifest", () => {
  const path = (range: string): string => join(folder, `2020/06/01/10/${STRAND}.${range}.ion`);

  async function damaged(damage: () => Promise<void>): Promise<VerificationReport> {
    const manifest = await write(journal(), { maxObjectBytes: 1 });
    await damage();
    return verifyExport(await openExport([manifest]));
  }

  it("must all be there; what comes after a missing one is still verified", async () => {
    const report = await damaged(() => rm(path("2-2")));
    expect(report).toMatchObject({ grade: "broken", blocks: 4 });
    expect(report.findings).toMatchObject([{ rule: "object-missing", blockAddress: { sequenceNo: 2 } }]);
  });

  it.each([
    ["is empty", () => Promise.resolve(""), ["broken object-range"]],
    [
      "holds the block of another object",
      async () => readFile(path("1-1"), "utf8"),
      ["broken sequence", "broken chain-link", "broken object-range", "broken object-range"],
    ],
    [
      "holds a block twice",
      async () => (await readFile(path("2-2"), "utf8")).repeat(2),
      ["broken sequence", "broken chain-link"],
    ],
    ["holds rubbish", () => Promise.resolve("rubbish"), ["broken object-content"]],
    [
      "ends within a block",
      async () => (await readFile(path("2-2"), "utf8")).slice(0, -10),
      ["broken object-content"],
    ],
    ["holds a struct that is no block", () => Promise.resolve("{}"), ["broken malformed-block"]],
  ])("are broken if one %s", async (_what, content, expected) => {
    const report = await damaged(async () => writeFile(path("2-2"), await content()));
    expect(rules(report).slice(0, expected.length)).toEqual(expected);
    expect(report.findings.map(({ blockAddress }) => blockAddress?.sequenceNo)).toContain(2);
    expect(report.findings.every(({ key }) => key !== undefined)).toBe(true);
  });

  it("must be listed in order", async () => {
    const manifest = await write(journal(), { maxObjectBytes: 1 });
    const content = await readFile(manifest, "utf8");
    await writeFile(
      manifest,
      content.replace(".1-1.", ".x.").replace(".2-2.", ".1-1.").replace(".x.", ".2-2."),
    );
    const report = await verifyExport(await openExport([manifest]));
    expect(report.grade).toBe("broken");
    expect(rules(report)).toContain("broken sequence");
  });

  it("must hold JSON nowhere", async () => {
    const manifest = await write(journal(1));
    await writeFile(path("0-0"), '{"blockAddress":{"strandId":"x","sequenceNo":0},"blockHash":"aGk="}\n');
    const source = await openExport([manifest]);
    await expect(verifyExport(source)).rejects.toMatchObject({ code: "EXPORT_FORMAT" });
    await expect(source.blocks()[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: "EXPORT_FORMAT",
    });
  });

  it("without any block verify nothing", async () => {
    expect(await verifyExport(await openExport([await write([])]))).toMatchObject({
      grade: "broken",
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
    expect(report).toMatchObject({ grade: "anchored", ledgerName: "vehicles", objects: 2, blocks: 5 });
  });
});
