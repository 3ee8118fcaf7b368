// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type Block, encodeBlock } from "@ledger-loader/journal";
import { toIonBinary, transcodeToBinary } from "@ledger-loader/ion";
import { type ExportedBlock, openExport, writeExport } from "@ledger-loader/export";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildJournal, documentId, STRAND } from "../../test/sample-journal";

let folder: string;
let manifest: string;
/** Blocks 10 to 15, two in each of three data objects. */
let blocks: Block[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "export-"));
  const kinds = ["data", "delete", "redacted", "hash-only"] as const;
  const all = kinds.map((kind, document) => ({ document, kind, text: "{a:1.50}" }));
  blocks = buildJournal({ first: 10, sealed: false, blocks: [all, undefined, [], all, all, all] });
  const encoded = blocks.map((block) => encodeBlock(block));
  const parts: string[] = [];
  for (let i = 0; i < 6; i += 2) {
    const target = {
      folder,
      prefix: `${i}-`,
      ledgerName: "vehicles",
      strandId: STRAND,
      format: "ion-text" as const,
    };
    const written = await writeExport({ ...target, blocks: encoded.slice(i, i + 2) });
    parts.push(...written.keys);
  }
  manifest = join(folder, `id.${STRAND}.completed.manifest`);
  await writeFile(manifest, JSON.stringify({ keys: parts }));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const path = (i: number): string => join(folder, `${i}-2020/06/01/10/${STRAND}.${10 + i}-${11 + i}.ion`);

async function read(range?: { first?: number; last?: number }): Promise<ExportedBlock[]> {
  const found: ExportedBlock[] = [];
  for await (const block of (await openExport([manifest])).blocks(range)) found.push(block);
  return found;
}

const numbers = (found: readonly ExportedBlock[]): number[] =>
  found.map(({ blockAddress }) => blockAddress.sequenceNo);

describe("a block", () => {
  it("says what each revision is, with its table and its exact Ion", async () => {
    const [first, second] = await read();
    expect(first).toMatchObject({
      blockAddress: { strandId: STRAND, sequenceNo: 10 },
      transactionId: blocks[0]!.transactionId,
    });
    expect(first!.statements).toHaveLength(1);
    expect([...first!.documents.keys()]).toEqual([0, 1, 2].map(documentId));
    expect(first!.revisions.map(({ kind, document }) => [kind, document?.tableName])).toEqual([
      ["data", "T1"],
      ["delete", "T1"],
      ["redacted", "T1"],
      ["hash-only", undefined],
    ]);
    expect(toIonBinary(first!.revisions[0]!.data!)).toEqual(transcodeToBinary("{a:1.50}"));
    expect(second).toMatchObject({ statements: [], documents: new Map(), revisions: [] });
  });
});

describe("a range", () => {
  it("ends where it says, both ends included", async () => {
    expect(numbers(await read())).toEqual([10, 11, 12, 13, 14, 15]);
    expect(numbers(await read({ first: 11, last: 13 }))).toEqual([11, 12, 13]);
    expect(numbers(await read({ last: 10 }))).toEqual([10]);
    expect(numbers(await read({ first: 15 }))).toEqual([15]);
    expect(numbers(await read({ first: 16 }))).toEqual([]);
  });

  it("opens only the objects that it needs", async () => {
    await rm(path(0));
    await writeFile(path(4), "rubbish");
    expect(numbers(await read({ first: 12, last: 13 }))).toEqual([12, 13]);
    await expect(read({ first: 11, last: 13 })).rejects.toMatchObject({ code: "EXPORT_OBJECT_MISSING" });
    await expect(read({ first: 13, last: 14 })).rejects.toMatchObject({
      code: "EXPORT_CONTENT",
      key: expect.stringContaining("14-15"),
    });
  });
});

describe("content that is not what the object's name says", () => {
  it.each([
    ["another block", async () => readFile(path(0), "utf8"), "expected block 12"],
    ["no block", () => Promise.resolve(""), "expected block 12"],
    ["a block less", async () => (await readFile(path(2), "utf8")).split("\n")[0]!, "expected block 13"],
    [
      "a block more",
      async () => (await readFile(path(2), "utf8")) + (await readFile(path(4), "utf8")),
      "expected its end",
    ],
    ["something else", () => Promise.resolve("{a:1}"), "expected a block"],
    ["half a block", async () => (await readFile(path(2), "utf8")).slice(0, 500), "ends inside a value"],
  ])("is an error: %s", async (_what, content, problem) => {
    await writeFile(path(2), await content());
    await expect(read()).rejects.toMatchObject({ code: "EXPORT_CONTENT" });
    await expect(read()).rejects.toThrow(problem);
  });
});

it.each([
  ["left out", (keys: string[]) => [keys[0]!, keys[2]!]],
  ["listed twice", (keys: string[]) => [keys[0]!, ...keys]],
  ["out of order", (keys: string[]) => keys.toReversed()],
  ["named otherwise", (keys: string[]) => [...keys, "readme.txt"]],
])("an object that is %s in the manifest is an error", async (_what, change) => {
  const { keys } = JSON.parse(await readFile(manifest, "utf8")) as { keys: string[] };
  await writeFile(manifest, JSON.stringify({ keys: change(keys) }));
  await expect(read()).rejects.toMatchObject({ code: "EXPORT_NOT_CONTIGUOUS" });
});
