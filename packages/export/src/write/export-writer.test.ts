// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { transcodeToBinary } from "@ledger-loader/ion";
import { mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { dumpText, load, loadAll } from "ion-js";
import { type ExportWriterOptions, writeExport } from "./export-writer";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "export-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const STRAND = "KmA3ZZca7vAIiJAK9S5Iwl";
const blockText = (sequenceNo: number, time = "2020-06-01T10:00:00.000Z"): string =>
  `{blockAddress:{strandId:"${STRAND}",sequenceNo:${sequenceNo}},blockTimestamp:${time},statement:"${"x".repeat(100)}"}`;
const block = (...args: Parameters<typeof blockText>): Uint8Array => transcodeToBinary(blockText(...args));

const options = (): ExportWriterOptions => ({
  folder: join(folder, "bucket"),
  prefix: "exports/",
  ledgerName: "vehicles",
  strandId: STRAND,
  exportId: "Export1",
  format: "ion-text",
});

async function listFiles(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

describe("an export", () => {
  it("has QLDB's names: two manifests, and objects by hour and range", async () => {
    const blocks = [
      block(7),
      block(8),
      block(9, "2020-06-01T11:59:59.999Z"),
      block(10, "2020-12-31T23:00:00.000Z"),
    ];
    const written = await writeExport({ ...options(), blocks });
    expect(await listFiles()).toEqual([
      `bucket/exports/2020/06/01/10/${STRAND}.7-8.ion`,
      `bucket/exports/2020/06/01/11/${STRAND}.9-9.ion`,
      `bucket/exports/2020/12/31/23/${STRAND}.10-10.ion`,
      `bucket/exports/Export1.${STRAND}.completed.manifest`,
      "bucket/exports/Export1.started.manifest",
    ]);
    expect(written).toMatchObject({ exportId: "Export1", blocks: 4 });
    const completed = load(await readFile(written.manifestPath, "utf8"))!;
    expect(
      completed
        .get("keys")
        ?.elements()
        .map((key) => key.stringValue()),
    ).toEqual(written.keys);
    expect(written.keys[0]).toBe(`exports/2020/06/01/10/${STRAND}.7-8.ion`);
  });

  it.each(["ion-text", "ion-binary"] as const)("says in %s what was asked for", async (format) => {
    await writeExport({
      ...options(),
      format,
      bucket: "my-bucket",
      exclusiveEndTime: new Date("2021-01-01T00:00:00Z"),
      blocks: [block(0)],
    });
    const started = load(await readFile(join(folder, "bucket/exports/Export1.started.manifest")))!;
    expect(JSON.parse(JSON.stringify(started))).toMatchObject({
      ledgerName: "vehicles",
      exportId: "Export1",
      bucket: "my-bucket",
      prefix: "exports/",
      objectEncryptionType: "NO_ENCRYPTION",
      outputFormat: format === "ion-text" ? "ION_TEXT" : "ION_BINARY",
    });
    expect(started.get("inclusiveStartTime")?.timestampValue()?.toString()).toBe("2020-06-01T10:00:00.000Z");
    expect(started.get("exclusiveEndTime")?.timestampValue()?.toString()).toBe("2021-01-01T00:00:00.000Z");
  });

  it("glues a prefix without a slash to the names, and needs no prefix", async () => {
    const glued = await writeExport({ ...options(), prefix: "a/b-", blocks: [block(0)] });
    expect(glued.keys).toEqual([`a/b-2020/06/01/10/${STRAND}.0-0.ion`]);
    expect(glued.manifestPath).toBe(join(folder, `bucket/a/b-Export1.${STRAND}.completed.manifest`));
    const plain = await writeExport({ ...options(), prefix: "", exportId: "Export2", blocks: [block(0)] });
    expect(plain.keys).toEqual([`2020/06/01/10/${STRAND}.0-0.ion`]);
  });

  it("splits objects at the size that is asked for, and never within a block", async () => {
    const blocks = Array.from({ length: 10 }, (_, i) => block(i));
    const size = Buffer.from(blockText(0)).length + 1;
    const ranges = async (maxObjectBytes: number): Promise<(string | undefined)[]> => {
      const written = await writeExport({
        ...options(),
        prefix: `${maxObjectBytes}/`,
        maxObjectBytes,
        blocks,
      });
      return written.keys.map((key) => key.split(".")[1]);
    };
    expect(await ranges(1)).toHaveLength(10);
    expect(await ranges(3 * size)).toEqual(["0-2", "3-5", "6-8", "9-9"]);
    expect(await ranges(1_000_000)).toEqual(["0-9"]);
  });

  it("holds the blocks as they were given", async () => {
    const blocks = [block(0), block(1)];
    for (const format of ["ion-text", "ion-binary"] as const) {
      const { keys, bytes } = await writeExport({ ...options(), prefix: `${format}/`, format, blocks });
      const content = await readFile(join(folder, "bucket", keys[0]!));
      expect(content).toHaveLength(bytes);
      expect(loadAll(content).map((value) => dumpText(value))).toEqual(
        [0, 1].map((i) => dumpText(load(blockText(i)))),
      );
    }
  });

  it("may hold no blocks", async () => {
    expect(await writeExport({ ...options(), blocks: [] })).toMatchObject({ blocks: 0, keys: [] });
    expect(await listFiles()).toHaveLength(2);
  });
});

describe("a failure", () => {
  it.each([
    ["a gap", [0, 2]],
    ["a repetition", [0, 0]],
    ["a step back", [1, 0]],
  ])("because of %s leaves nothing behind", async (_name, sequence) => {
    const writing = writeExport({ ...options(), maxObjectBytes: 1, blocks: sequence.map((n) => block(n)) });
    await expect(writing).rejects.toMatchObject({ code: "EXPORT_WRITE" });
    expect(await listFiles()).toEqual([]);
  });

  it("of the source leaves nothing behind, and never a completed manifest", async () => {
    const seen: string[][] = [];
    async function* blocks(): AsyncGenerator<Uint8Array> {
      yield block(0);
      yield block(1);
      seen.push(await listFiles());
      throw new Error("the ledger went away");
    }
    await expect(writeExport({ ...options(), maxObjectBytes: 1, blocks: blocks() })).rejects.toThrow(
      "went away",
    );
    expect(seen[0]).toEqual([
      `bucket/exports/2020/06/01/10/Export1.1.partial`,
      `bucket/exports/2020/06/01/10/${STRAND}.0-0.ion`,
      "bucket/exports/Export1.started.manifest",
    ]);
    expect(await listFiles()).toEqual([]);
  });

  it("to find a free name keeps what is there", async () => {
    await writeExport({ ...options(), blocks: [block(0)] });
    const before = await listFiles();
    await expect(writeExport({ ...options(), blocks: [block(0)] })).rejects.toThrow("nothing is overwritten");
    await expect(writeExport({ ...options(), exportId: "Export2", blocks: [block(0)] })).rejects.toThrow(
      "nothing is overwritten",
    );
    expect(await listFiles()).toEqual(before);
  });

  it("comes of something that is no block, or of another strand", async () => {
    for (const text of [
      "{}",
      "1",
      "{blockAddress:1}",
      blockText(0).replace("2020-06-01T10:00:00.000Z", "null.timestamp"),
    ]) {
      await expect(writeExport({ ...options(), blocks: [transcodeToBinary(text)] })).rejects.toMatchObject({
        code: "EXPORT_WRITE",
      });
    }
    await expect(writeExport({ ...options(), strandId: "other", blocks: [block(0)] })).rejects.toThrow(
      "of strand other",
    );
  });

  it.each(["/etc/", "../x/", "a/../b", "..", "a/./b"])(
    "is a prefix that leads elsewhere: %s",
    async (prefix) => {
      await expect(writeExport({ ...options(), prefix, blocks: [] })).rejects.toMatchObject({
        code: "EXPORT_WRITE",
      });
    },
  );
});

it("replaces the partial file of a writer that was killed", async () => {
  const { keys } = await writeExport({ ...options(), exportId: "Export2", blocks: [block(0)] });
  const path = join(folder, "bucket", keys[0]!);
  await rename(path, join(dirname(path), "Export1.0.partial"));
  await writeExport({ ...options(), blocks: [block(0)] });
  expect(dumpText(load(await readFile(path)))).toBe(dumpText(load(blockText(0))));
  expect((await listFiles()).filter((name) => name.endsWith("partial"))).toEqual([]);
});
