// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { dumpBinary, load } from "ion-js";
import { locateDataObject } from "./data-object";
import { openExport } from "./open-export";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "export-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function put(path: string, content: string | Uint8Array): Promise<string> {
  const full = join(folder, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

const putManifest = (path: string, keys: readonly string[]): Promise<string> =>
  put(path, JSON.stringify({ keys }));

const KEY = "backup/2020/06/01/10/strand.0-9.ion";

describe("the manifest", () => {
  it.each([
    ["Ion text", `{keys:["${KEY}"]}`],
    ["Ion binary", dumpBinary(load(`{keys:["${KEY}"]}`)!)],
    ["JSON", `{"keys" : [ "${KEY}" ] }`],
  ])("may be %s", async (_name, content) => {
    const opened = await openExport([await put("id.strand.completed.manifest", content)]);
    expect(opened.objects.map(({ key }) => key)).toEqual([KEY]);
    expect(opened).toMatchObject({ strandId: "strand", range: { first: 0, last: 9 } });
  });

  it("is the one in a folder, or below it", async () => {
    await putManifest("bucket/backup/id.strand.completed.manifest", [KEY]);
    for (const path of ["bucket/backup", "bucket", "."]) {
      expect((await openExport([join(folder, path)])).objects).toHaveLength(1);
    }
  });

  it.each([
    ["a hidden folder", ".ledger-loader/demo/export"],
    ["a hidden folder below another", "copies/.trash/export"],
    ["a folder of packages", "node_modules/some-tests/export"],
    ["a folder that is too deep", "a/b/c/d/e"],
  ])("is not looked for in %s, and is found there by who names it", async (_name, path) => {
    await putManifest(`${path}/id.strand.completed.manifest`, [KEY]);
    await expect(openExport([folder])).rejects.toThrow(/found none there and none up to 4 folders below/);
    expect((await openExport([join(folder, path)])).objects).toHaveLength(1);
  });

  it("is the one that shows, beside one in a hidden folder", async () => {
    await putManifest(".cache/old.strand.completed.manifest", []);
    await putManifest("a/b/c/d/id.strand.completed.manifest", [KEY]);
    expect((await openExport([folder])).objects).toHaveLength(1);
  });

  it("must be there", async () => {
    await mkdir(join(folder, "none"));
    await expect(openExport([join(folder, "none")])).rejects.toThrow("found none");
    await expect(openExport([join(folder, "c")])).rejects.toMatchObject({ code: "EXPORT_MANIFEST" });
  });

  it.each([
    "",
    "nonsense",
    "{",
    "[1]",
    "{keys:1}",
    "{keys:[1]}",
    "{keys:[null]}",
    "{}",
    "null.struct",
    "{keys:null.list}",
  ])("is refused if it reads %j", async (content) => {
    const path = await put("id.strand.completed.manifest", content);
    await expect(openExport([path])).rejects.toMatchObject({ code: "EXPORT_MANIFEST", manifest: path });
  });

  it("brings the started manifest along", async () => {
    await putManifest("p-id.strand.completed.manifest", [KEY]);
    await put(
      "p-id.started.manifest",
      `{ledgerName:"vehicles", exportId:"id", prefix:"p-", outputFormat:"ION_TEXT"}`,
    );
    const opened = await openExport([folder]);
    expect(opened.ledgerName).toBe("vehicles");
    expect(opened.manifests[0]?.started).toMatchObject({ exportId: "id", prefix: "p-" });
  });
});

describe("a JSON export", () => {
  it("can be opened to verify its chain, and is refused where its documents are read", async () => {
    const path = await putManifest("id.strand.completed.manifest", ["2020/strand.0-0.json"]);
    await put("2020/strand.0-0.json", '{"blockAddress":{"strandId":"strand","sequenceNo":0}}\n');
    const source = await openExport([path]);
    await expect(source.blocks()[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: "EXPORT_FORMAT",
    });
  });
});

describe("several manifests", () => {
  const manifest = (name: string, ...ranges: string[]): Promise<string> =>
    putManifest(
      `${name}.strand.completed.manifest`,
      ranges.map((range) => `2020/strand.${range}.ion`),
    );

  it("are put in the order of their blocks, whatever the order of arguments", async () => {
    const paths = [
      await manifest("c", "20-29"),
      await manifest("a", "0-4", "5-9"),
      await manifest("empty"),
      await manifest("b", "10-19"),
    ];
    for (const order of [paths, paths.toReversed()]) {
      const opened = await openExport(order);
      expect(opened.objects.map(({ name }) => name?.first)).toEqual([0, 5, 10, 20]);
    }
  });

  it.each([
    ["a gap", "0-9", "11-19"],
    ["an overlap", "0-9", "9-19"],
    ["an overlap", "0-9", "0-9"],
    ["an overlap", "0-30", "5-9"],
  ])("must not leave %s (%s, %s); the error names both", async (problem, first, second) => {
    const paths = [await manifest("a", first), await manifest("b", second)];
    for (const order of [paths, paths.toReversed()]) {
      const opening = openExport(order);
      await expect(opening).rejects.toMatchObject({ code: "EXPORT_NOT_CONTIGUOUS" });
      for (const text of [problem, ...paths]) await expect(opening).rejects.toThrow(text);
    }
  });

  it("of one folder are opened together", async () => {
    for (const [name, range] of [
      ["c", "20-29"],
      ["a", "0-9"],
      ["b", "10-19"],
    ] as const)
      await manifest(name, range);
    expect((await openExport([folder])).range).toEqual({ first: 0, last: 29 });
    await putManifest("below/d.strand.completed.manifest", ["x/strand.0-9.ion"]);
    expect((await openExport([folder])).manifests).toHaveLength(3);
  });

  it("of one folder are listed with ledger, blocks and period where they do not follow one another", async () => {
    await manifest("full", "0-29");
    const started = (name: string, content: string) => put(`${name}.started.manifest`, content);
    await started(
      "full",
      `{ledgerName:"cars",inclusiveStartTime:2020-01-01T,exclusiveEndTime:2020-07-01T10:00Z}`,
    );
    await manifest("may", "20-29");
    await started("may", `{"ledgerName":"cars","inclusiveStartTime":"2020-05-01T00:00:00Z"}`);
    await manifest("none");
    await expect(openExport([folder])).rejects.toMatchObject({ code: "EXPORT_NOT_CONTIGUOUS" });
    for (const line of [
      "full.strand.completed.manifest (ledger cars, blocks 0 to 29, 2020-01-01T to 2020-07-01T10:00Z)",
      "may.strand.completed.manifest (ledger cars, blocks 20 to 29, 2020-05-01T00:00:00Z to ?)",
      "none.strand.completed.manifest (no blocks)",
    ]) {
      await expect(openExport([folder])).rejects.toThrow(`\n  ${join(folder, line)}`);
    }
  });

  it("must be of one strand and one ledger", async () => {
    const paths = [
      await manifest("a", "0-9"),
      await putManifest("b.other.completed.manifest", ["x/other.10-19.ion"]),
    ];
    await expect(openExport(paths)).rejects.toThrow(/one strand.*strand in .*other in/);
    const more = [await manifest("c", "0-9"), await manifest("d", "10-19")];
    await put("c.started.manifest", `{ledgerName:"one"}`);
    await put("d.started.manifest", `{ledgerName:"two"}`);
    await expect(openExport(more)).rejects.toThrow(/one ledger.*one in .*two in/);
  });
});

describe("a data object", () => {
  const locate = async (keys: readonly string[], manifestAt: string): Promise<string> => {
    const opened = await openExport([await putManifest(`${manifestAt}id.strand.completed.manifest`, keys)]);
    return (await locateDataObject(opened.objects[0]!)).location;
  };

  it.each([
    ["the whole bucket was copied and the manifest lies in its root", "", KEY],
    ["the prefix was stripped", "", "2020/06/01/10/strand.0-9.ion"],
    ["the whole bucket was copied", "backup/", `backup/2020/06/01/10/strand.0-9.ion`],
    ["all folders were flattened", "flat/", "flat/strand.0-9.ion"],
  ])("is found if %s", async (_case, manifestAt, path) => {
    const expected = await put(path, "");
    expect(await locate([KEY], manifestAt)).toBe(expected);
  });

  it("is missed with all the places that were tried", async () => {
    await expect(locate([KEY], "")).rejects.toMatchObject({
      code: "EXPORT_OBJECT_MISSING",
      key: KEY,
      tried: [
        KEY,
        "2020/06/01/10/strand.0-9.ion",
        "06/01/10/strand.0-9.ion",
        "01/10/strand.0-9.ion",
        "10/strand.0-9.ion",
        "strand.0-9.ion",
      ].map((path) => join(folder, path)),
    });
  });

  it("is never looked for outside the manifest's folder", async () => {
    await put("secret/strand.0-9.ion", "");
    await expect(locate(["../secret/strand.0-9.ion"], "export/")).rejects.toThrow("not followed");
  });
});
