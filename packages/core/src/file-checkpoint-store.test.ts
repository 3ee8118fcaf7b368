// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { FileCheckpointStore } from "@ledger-loader/core";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "checkpoints-"));
  file = path.join(folder, "stream.json");
});
afterEach(() => rm(folder, { recursive: true }));

describe("FileCheckpointStore", () => {
  it("begins with no checkpoint", async () => {
    expect(await new FileCheckpointStore(file, "stream").read()).toEqual(new Map());
  });

  it("keeps the last checkpoint of every shard for the next process, however they were written", async () => {
    const store = new FileCheckpointStore(file, "stream");
    await Promise.all(Array.from({ length: 20 }, (_, i) => store.write(`shard-${i % 3}`, String(i))));
    await store.remove("shard-0");
    const expected = new Map([
      ["shard-1", "19"],
      ["shard-2", "17"],
    ]);
    expect(await store.read()).toEqual(expected);
    expect(await new FileCheckpointStore(file, "stream").read()).toEqual(expected);
    expect(await readdir(folder)).toEqual(["stream.json"]);
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it("goes on after a write that failed", async () => {
    const store = new FileCheckpointStore(path.join(folder, "missing", "stream.json"), "stream");
    await expect(store.write("a", "1")).rejects.toThrow();
    await expect(store.write("a", "2")).rejects.toThrow(/ENOENT/);
  });

  it.each([
    ["of another stream", '{"format":1,"stream":"other","shards":{}}'],
    ["of a newer format", '{"format":2,"stream":"stream","shards":{}}'],
    ["without shards", '{"format":1,"stream":"stream"}'],
    ["that was cut off", '{"format":1,'],
  ])("refuses a file %s, and leaves it alone", async (_, text) => {
    await writeFile(file, text);
    const store = new FileCheckpointStore(file, "stream");
    await expect(store.read()).rejects.toMatchObject({ code: "CHECKPOINT_FILE", path: file });
    await expect(store.write("a", "1")).rejects.toMatchObject({ code: "CHECKPOINT_FILE" });
  });
});
