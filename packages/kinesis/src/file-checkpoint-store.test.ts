// SPDX-License-Identifier: MIT
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { CheckpointFileError, FileCheckpointStore } from "@ledger-loader/kinesis";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "checkpoints-"));
  path = join(folder, "checkpoints.json");
});
afterEach(() => rm(folder, { recursive: true }));

const lease = (shardId: string, counter: number, owner = "me") => ({ shardId, counter, owner });

it("keeps leases for the next process", async () => {
  const store = new FileCheckpointStore(path, "events");
  expect(await store.read()).toEqual([]);
  expect(await store.replace(undefined, lease("a", 1))).toBe(true);
  expect(await store.replace(undefined, lease("b", 1))).toBe(true);
  expect(await store.replace(lease("a", 1), { ...lease("a", 2), checkpoint: "4959" })).toBe(true);
  const found = await new FileCheckpointStore(path, "events").read();
  expect(found.toSorted((x, y) => (x.shardId < y.shardId ? -1 : 1))).toEqual([
    { ...lease("a", 2), checkpoint: "4959" },
    lease("b", 1),
  ]);
});

it("lets one of many have a lease", async () => {
  const stores = Array.from({ length: 8 }, () => new FileCheckpointStore(path, "events"));
  const taken = await Promise.all(stores.map((store, i) => store.replace(undefined, lease("a", 1, `${i}`))));
  expect(taken.filter(Boolean)).toHaveLength(1);
  expect(await stores[0]!.replace(lease("a", 1, "nobody"), lease("a", 2))).toBe(false);
  expect(await stores[0]!.replace(lease("a", 7, `${taken.indexOf(true)}`), lease("a", 2))).toBe(false);
});

it("refuses a file of another stream, or none of its own, and leaves it as it is", async () => {
  await new FileCheckpointStore(path, "others").replace(undefined, lease("a", 1));
  await expect(new FileCheckpointStore(path, "events").read()).rejects.toThrow(CheckpointFileError);
  for (const text of ["{", "[]", '{"format": 2, "stream": "events", "leases": []}']) {
    await writeFile(path, text);
    await expect(new FileCheckpointStore(path, "events").replace(undefined, lease("a", 1))).rejects.toThrow(
      CheckpointFileError,
    );
    expect(await readFile(path, "utf8")).toBe(text);
  }
});
