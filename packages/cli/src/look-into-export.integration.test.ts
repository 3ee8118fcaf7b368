// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { decodeBlock } from "@ledger-loader/journal";
import { transcodeToBinary } from "@ledger-loader/ion";
import { runWords, type CliResult } from "../test/run-words";
import { sampleBlocks, writeSampleExport } from "../test/sample-export";

let folder: string;
const blocks = sampleBlocks([
  [{ n: 0 }, { n: 1, kind: "redacted" }],
  [{ n: 2 }],
  [{ n: 3, kind: "hash-only" }],
  [{ n: 4 }, { n: 5 }],
]);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-look-"));
  await writeSampleExport(folder, blocks, { maxObjectBytes: 1 });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const look = (words: string): Promise<CliResult> => {
  const [command = "", ...more] = words.split(" ");
  return runWords(["export", command, folder, ...more]);
};
const json = async (words: string): Promise<Record<string, unknown>> =>
  (await look(`${words} --json`)).json();

describe("export tables", () => {
  it("lists each table with its documents, revisions and blocks", async () => {
    expect((await look("tables")).stdout).toBe(
      "TABLE  DOCUMENTS  REVISIONS  DELETED  BLOCKS  TABLE ID\n" +
        "T              5          5        0  0 to 3  Table1\n",
    );
    expect(await json("tables --blocks 1-2")).toMatchObject({
      tables: [{ tableName: "T", documents: 1, redacted: 0, firstBlock: 1, lastBlock: 1 }],
    });
    expect((await look("tables --blocks 2")).stdout).toMatch(/^no tables: /);
  });
});

describe("export stats", () => {
  it("counts in all and by period", async () => {
    const { stdout } = await look("stats");
    expect(stdout).toMatch(
      /^blocks +4 \(0 to 3\)\nperiod +2020-06-01T10:00:00\.230Z to 2020-06-01T10:00:03\.230Z\n/,
    );
    expect(stdout).toMatch(/revisions +4 with data, 0 deletions, 1 redacted\nhash only +1 of QLDB's own\n/);
    expect(await json("stats --every hour --blocks 1-")).toMatchObject({
      blocks: 3,
      statements: 3,
      first: { sequenceNo: 1 },
      periods: [{ period: "2020-06-01T10", blocks: 3, revisions: 4 }],
    });
  });

  it("prints the periods as comma-separated values", async () => {
    expect((await look("stats --csv --every month")).stdout).toMatch(
      /^period,blocks,revisions,bytes\n2020-06,4,6,\d+\n$/,
    );
  });
});

describe("export print", () => {
  it("prints blocks that read back as they were", async () => {
    const lines = (await look("print --blocks 1-2")).stdout.trimEnd().split("\n");
    const printed = lines.map((line) => decodeBlock(transcodeToBinary(line)));
    expect(printed.map(({ blockHash }) => blockHash)).toEqual(
      blocks.slice(1, 3).map(({ blockHash }) => blockHash),
    );
  });

  it("prints revisions with their tables, of a document or of tables", async () => {
    const { lines } = (await json("print --revisions")) as { readonly lines: readonly string[] };
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(
      /^\{tableInfo:\{tableName:"T",tableId:"Table1"\},revision:\{blockAddress:.*data:\{n:0\}/,
    );
    expect(lines[3]).toMatch(/^\{revision:\{hash:/);
    expect(await json("print --tables T --blocks 3")).toMatchObject({
      lines: [{}, {}].map(() => expect.any(String)),
    });
    expect(await json("print --tables U")).toEqual({ lines: [], isCut: false });
    expect(await json(`print --document ${"D2".padEnd(22, "x")}`)).toMatchObject({
      lines: [expect.stringContaining("{n:2}")],
    });
  });

  it("stops at a limit, and says that there is more", async () => {
    const cut = await look("print --limit 2");
    expect([cut.stdout.trimEnd().split("\n").length, cut.stderr]).toEqual([
      2,
      expect.stringContaining("there are more"),
    ]);
    expect((await look("print --limit 4")).stderr).toBe("");
  });
});

describe("--blocks", () => {
  it("lets export verify read the objects with these blocks only", async () => {
    expect(await json("verify --blocks 1-2")).toMatchObject({
      verdict: "incomplete",
      range: { first: 1, last: 2 },
    });
    expect(await json("verify --blocks 1")).toMatchObject({
      verdict: "passed",
      blocks: 1,
      startsMidJournal: true,
    });
  });

  it.each(["", "x", "3-1", "-3", "1,2"])("is refused if it is %j", async (range) => {
    const result = await runWords(["export", "tables", folder, "--blocks", range]);
    expect([result.exitCode, result.stderr]).toEqual([
      2,
      expect.stringContaining("expected --blocks to be N-M, N- or N"),
    ]);
  });
});
