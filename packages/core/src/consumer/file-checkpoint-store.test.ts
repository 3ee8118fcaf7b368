// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { FileCheckpointStore } from "@ledger-loader/core";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "checkpoints-"));
  file = path.join(folder, "stream.json");
});
afterEach(() => rm(folder, { recursive: true }));

const lease = (shardId: string, counter: number, owner = "me") => ({ shardId, counter, owner });
const open = () => new FileCheckpointStore(file, "stream");

describe("FileCheckpointStore", () => {
  it("keeps leases and checkpoints for the next process, readable by their owner alone", async () => {
    const store = open();
    expect(await store.read()).toEqual([]);
    const changes = ["a", "b", "c"].map((shardId) => store.replace(undefined, lease(shardId, 1)));
    expect(await Promise.all(changes)).toEqual([true, true, true]);
    expect(await store.replace(lease("a", 1), { ...lease("a", 2), checkpoint: "4959" })).toBe(true);
    await store.remove(lease("c", 1));
    const found = await open().read();
    expect(found.toSorted((x, y) => (x.shardId < y.shardId ? -1 : 1))).toEqual([
      { ...lease("a", 2), checkpoint: "4959" },
      lease("b", 1),
    ]);
    expect(await readdir(folder)).toEqual(["stream.json"]);
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it("lets one of many have a lease, and nobody change or remove what another one holds", async () => {
    const stores = Array.from({ length: 8 }, open);
    const taken = await Promise.all(
      stores.map((store, i) => store.replace(undefined, lease("a", 1, `${i}`))),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
    const winner = `${taken.indexOf(true)}`;
    expect(await stores[0]!.replace(lease("a", 1, "nobody"), lease("a", 2))).toBe(false);
    expect(await stores[0]!.replace(lease("a", 7, winner), lease("a", 2))).toBe(false);
    await stores[0]!.remove(lease("a", 1, "nobody"));
    expect(await stores[0]!.read()).toEqual([lease("a", 1, winner)]);
  });

  it("goes on after a write that failed", async () => {
    const store = new FileCheckpointStore(path.join(folder, "missing", "stream.json"), "stream");
    await expect(store.replace(undefined, lease("a", 1))).rejects.toThrow();
    await expect(store.replace(undefined, lease("a", 2))).rejects.toThrow(/ENOENT/);
  });

  it.each([
    ["of another stream", '{"format":1,"stream":"other","leases":[]}'],
    ["of a newer format", '{"format":2,"stream":"stream","leases":[]}'],
    ["without leases", '{"format":1,"stream":"stream"}'],
    ["that holds a list", "[]"],
    ["that was cut off", '{"format":1,'],
  ])("refuses a file %s, and leaves it alone", async (_, text) => {
    await writeFile(file, text);
    await expect(open().read()).rejects.toMatchObject({ code: "CHECKPOINT_FILE", path: file });
    await expect(open().replace(undefined, lease("a", 1))).rejects.toMatchObject({ code: "CHECKPOINT_FILE" });
    expect(await readFile(file, "utf8")).toBe(text);
  });
});
