// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { HistorySelection, LedgerStorage } from "../src/storage/storage";
import { describeConflicts } from "./describe-conflicts";
import { describeOneLock } from "./describe-one-lock";
import {
  type BlockSketch,
  append,
  appendUnder,
  bytesOf,
  collect,
  createIndex,
  createTable,
  hashOf,
  identifyTable,
  noChanges,
  show,
  shown,
} from "./storage-sketches";

/** The contract of every storage of a ledger. `make` returns an empty one. */
export function describeStorage(name: string, make: () => Promise<LedgerStorage>): void {
  describe(`${name} as a ledger's storage`, () => {
    let storage: LedgerStorage;
    beforeEach(async () => {
      storage = await make();
    });
    afterEach(() => storage.close());

    it("has no head before the first block, and the newest one afterwards", async () => {
      expect(await storage.readHead()).toBeUndefined();
      await append(storage, {}, { catalogChanges: [createTable] }, { blockTime: 7 });
      expect(await storage.readHead()).toMatchObject({ sequenceNo: 2, blockTime: 7, catalogSequenceNo: 1 });
    });

    it("returns blocks as they were stored", async () => {
      await append(storage, {}, {}, {});
      const blocks = await collect(storage.readBlocks(1, 9));
      expect(blocks.map(({ ion }) => Buffer.from(ion).toString())).toEqual(["ion 1", "ion 2"]);
      expect(blocks[0]?.hash).toEqual(Buffer.from(hashOf("block 1")));
      expect(await storage.readBlock(3)).toBeUndefined();
    });

    it("reads documents as of a block, whatever came later", async () => {
      await append(
        storage,
        { catalogChanges: [createTable] },
        {
          revisions: [
            { id: "a", version: 0, data: "a0" },
            { id: "b", version: 0, data: "b0" },
          ],
        },
        { revisions: [{ id: "a", version: 1, data: "a1" }] },
        {
          revisions: [
            { id: "b", version: 1 },
            { id: "c", version: 0, data: "c0" },
          ],
        },
      );
      const states = [[], ["a v0 a0", "b v0 b0"], ["a v1 a1", "b v0 b0"], ["a v1 a1", "c v0 c0"]];
      for (const [asOf, state] of states.entries()) {
        expect(await shown(storage.scan(1, asOf))).toEqual(state);
        const inOrder = (await collect(storage.scan(1, asOf))).map(show);
        for (const skip of [0, 1, 2, 3])
          expect((await collect(storage.scan(1, asOf, skip))).map(show)).toEqual(inOrder.slice(skip));
        expect((await storage.findByIds(1, Array.from("abc"), asOf)).map(show).sort()).toEqual(state);
      }
      expect(await storage.findByIds(2, Array.from("abc"), 3)).toEqual([]);
    });

    it("derives everything again from the blocks that are stored, or keeps what there was", async () => {
      const tagged = { ...createTable, tags: { a: "first" } };
      const first = { catalogChanges: [tagged, createIndex] };
      const second = { revisions: [{ id: "a", version: 0, data: "a0" }] };
      await append(storage, first, second);
      await storage.writeTags("table/table-1", { a: "later" });
      const before = await collect(storage.derivedState(1));
      const given = storage.lockHead(async (lock) => {
        await lock.rewind();
        throw new Error("given up");
      });
      await expect(given).rejects.toThrow("given up");
      expect(await collect(storage.derivedState(1))).toEqual(before);
      await storage.lockHead(async (lock) => {
        await lock.rewind();
        expect([lock.head, await lock.readCatalog()]).toEqual([undefined, []]);
        await appendUnder(lock, first, { revisions: [{ id: "b", version: 0, data: "b0" }] });
      });
      expect(await shown(storage.scan(1, 1))).toEqual(["b v0 b0"]);
      expect(await storage.readTags("table/table-1")).toEqual({ a: "later" });
      expect(await storage.readHead()).toMatchObject({ sequenceNo: 1 });
      await append(storage, {});
      expect((await collect(storage.readBlocks(0, 9))).length).toBe(3);
    });

    it("gives a table another id, as of earlier blocks too", async () => {
      await append(storage, { catalogChanges: [createTable] }, { catalogChanges: [identifyTable] });
      expect(await storage.readCatalog(0)).toMatchObject([{ tableNo: 1, tableId: "known" }]);
    });

    it("lists in an index what it held as of a block", async () => {
      const entry = { indexNo: 1, key: "s1:x", documentId: "a" } as const;
      await append(
        storage,
        { catalogChanges: [createTable, createIndex] },
        { revisions: [{ id: "a", version: 0, data: "a0" }], indexChanges: [{ ...entry, kind: "add" }] },
        { revisions: [{ id: "a", version: 1, data: "a1" }] },
        { revisions: [{ id: "a", version: 2, data: "a2" }], indexChanges: [{ ...entry, kind: "remove" }] },
      );
      const found = await Promise.all(
        [0, 1, 2, 3].map((asOf) => shown(storage.findByIndex(1, 1, "s1:x", asOf))),
      );
      expect(found).toEqual([[], ["a v0 a0"], ["a v1 a1"], []]);
      expect(await shown(storage.findByIndex(1, 1, "s1:y", 2))).toEqual([]);
    });

    it("knows tables and indexes as of a block", async () => {
      await append(
        storage,
        { catalogChanges: [createTable] },
        { catalogChanges: [createIndex] },
        { catalogChanges: [{ kind: "drop-table", tableNo: 1 }] },
        { catalogChanges: [{ kind: "undrop-table", tableNo: 1 }] },
        { catalogChanges: [{ kind: "drop-index", tableNo: 1, indexNo: 1 }] },
      );
      const states = await Promise.all([-1, 0, 1, 2, 3, 4].map((asOf) => storage.readCatalog(asOf)));
      const index = { indexNo: 1, indexId: "index-1", field: "vin", unique: false };
      const table = { tableNo: 1, tableId: "table-1", name: "Cars", droppedIndexes: 0 };
      expect(states).toEqual([
        [],
        [{ ...table, active: true, indexes: [] }],
        [{ ...table, active: true, indexes: [index] }],
        [{ ...table, active: false, indexes: [index] }],
        [{ ...table, active: true, indexes: [index] }],
        [{ ...table, active: true, indexes: [], droppedIndexes: 1 }],
      ]);
    });

    it("selects history by document, version and time", async () => {
      await append(
        storage,
        { catalogChanges: [createTable] },
        {
          revisions: [
            { id: "a", version: 0, data: "a0" },
            { id: "b", version: 0, data: "b0" },
          ],
        },
        { revisions: [{ id: "a", version: 1, data: "a1" }] },
        { revisions: [{ id: "a", version: 2 }] },
      );
      const history = (selection: HistorySelection, asOf = 3): Promise<string[]> =>
        shown(storage.history(1, selection, asOf));
      expect(await history({})).toEqual(["a v0 a0", "a v1 a1", "a v2 -", "b v0 b0"]);
      expect(await history({}, 1)).toEqual(["a v0 a0", "b v0 b0"]);
      expect(await history({ documentIds: ["a", "a", "none"], versions: [0, 2] })).toEqual([
        "a v0 a0",
        "a v2 -",
      ]);
      expect(await history({ end: 1999 })).toEqual(["a v0 a0", "b v0 b0"]);
      // "a0" held until block 2 was committed at 2000.
      expect(await history({ start: 2000 })).toEqual(["a v0 a0", "a v1 a1", "a v2 -", "b v0 b0"]);
      expect(await history({ start: 2001, end: 2500 })).toEqual(["a v1 a1", "b v0 b0"]);
      expect(await history({ start: 3001 })).toEqual(["a v2 -", "b v0 b0"]);
    });

    it("stores all that was appended under one lock or, if anything fails, nothing", async () => {
      await append(storage, { catalogChanges: [createTable] });
      const failing = storage.lockHead(async (lock) => {
        const revision = { tableNo: 1, documentId: "a", version: 0, transactionTime: 1, data: bytesOf("x") };
        await lock.append({
          block: { sequenceNo: 1, hash: hashOf("1"), ion: bytesOf("1") },
          transactionId: "t",
          blockTime: 1,
          ...noChanges,
          revisions: [{ ...revision, hash: hashOf("r"), dataHash: undefined }],
        });
        throw new Error("stop");
      });
      await expect(failing).rejects.toThrow("stop");
      expect(await storage.readHead()).toMatchObject({ sequenceNo: 0 });
      expect(await shown(storage.scan(1, 1))).toEqual([]);
      await append(storage, { revisions: [{ id: "a", version: 0, data: "a0" }] });
      expect(await shown(storage.scan(1, 1))).toEqual(["a v0 a0"]);
    });

    it("refuses a block that does not follow the newest one", async () => {
      await append(storage, {});
      const appending = storage.lockHead((lock) =>
        lock.append({
          block: { sequenceNo: 2, hash: hashOf("2"), ion: bytesOf("2") },
          transactionId: "t",
          blockTime: 1,
          ...noChanges,
          revisions: [],
        }),
      );
      await expect(appending).rejects.toThrow("found 2");
    });

    it("locks the head for one at a time, in order", async () => {
      const order: string[] = [];
      const hold = (name: string): Promise<void> =>
        storage.lockHead(async () => {
          order.push(`${name} begins`);
          await new Promise((resolve) => setTimeout(resolve, 5));
          order.push(`${name} ends`);
        });
      await Promise.all([hold("first"), hold("second")]);
      expect(order).toEqual(["first begins", "first ends", "second begins", "second ends"]);
    });

    it("keeps readers at the stored head while a block is being appended", async () => {
      await append(
        storage,
        { catalogChanges: [createTable] },
        { revisions: [{ id: "a", version: 0, data: "a0" }] },
      );
      await storage.lockHead(async (lock) => {
        await lock.append({
          block: { sequenceNo: 2, hash: hashOf("2"), ion: bytesOf("2") },
          transactionId: "t",
          blockTime: 9,
          ...noChanges,
          revisions: [
            {
              tableNo: 1,
              documentId: "a",
              version: 1,
              transactionTime: 9,
              hash: hashOf("r"),
              data: bytesOf("a1"),
              dataHash: undefined,
            },
          ],
        });
        const head = await storage.readHead();
        expect(head?.sequenceNo).toBe(1);
        expect(await shown(storage.scan(1, 1))).toEqual(["a v0 a0"]);
        expect(await shown(lock.scan(1))).toEqual(["a v1 a1"]);
      });
    });

    it("erases revisions of earlier blocks, and what indexes list for them alone", async () => {
      const entry = { indexNo: 1, key: "x", documentId: "a" } as const;
      const before = await storage.readErasureCount();
      await append(
        storage,
        { catalogChanges: [createTable, createIndex] },
        { revisions: [{ id: "a", version: 0, data: "a0" }], indexChanges: [{ ...entry, kind: "add" }] },
        { revisions: [{ id: "a", version: 1, data: "a1" }] },
        { revisions: [{ id: "a", version: 2, data: "a2" }] },
        {
          erasures: [
            {
              sequenceNo: 2,
              ion: bytesOf("erased"),
              revisions: [
                {
                  tableNo: 1,
                  documentId: "a",
                  version: 1,
                  dataHash: hashOf("a1"),
                  indexKeys: [{ indexNo: 1, key: "x" }],
                },
              ],
            },
          ],
        },
      );
      expect(await storage.readErasureCount()).toBe(before + 1);
      const block = await storage.readBlock(2);
      expect([block?.hash, block?.ion]).toEqual([Buffer.from(hashOf("block 2")), Buffer.from("erased")]);
      expect(await shown(storage.history(1, {}, 4))).toEqual(["a v0 a0", "a v1 -", "a v2 a2"]);
      const [erased] = await collect(storage.history(1, { versions: [1] }, 4));
      expect(erased?.dataHash).toEqual(Buffer.from(hashOf("a1")));
      const listed = [1, 2, 3, 4].map((asOf) => shown(storage.findByIndex(1, 1, "x", asOf)));
      expect(await Promise.all(listed)).toEqual([["a v0 a0"], [], ["a v2 a2"], ["a v2 a2"]]);
    });

    it("keeps tags of a resource, and those with which a table was created", async () => {
      await append(storage, { catalogChanges: [{ ...createTable, tags: { use: "test" } }] });
      await storage.writeTags("ledger", { a: "1", b: "2" });
      await storage.writeTags("ledger", { b: "3" });
      const tags = await Promise.all(
        ["ledger", "table/table-1", "table/none"].map((of) => storage.readTags(of)),
      );
      expect(tags).toEqual([{ b: "3" }, { use: "test" }, {}]);
    });

    describeConflicts(() => storage);

    describeOneLock(() => storage, make);

    it("describes itself as it was told", async () => {
      const description = {
        name: "vehicles",
        strandId: "strand",
        creationTime: 5,
        permissionsMode: "STANDARD",
        deletionProtection: true,
      } as const;
      await storage.writeDescription(description);
      expect(await storage.readDescription()).toEqual(description);
    });

    it("renders derived state as of a block, however blocks were grouped and whatever came later", async () => {
      const blocks: BlockSketch[] = [
        { catalogChanges: [createTable, createIndex] },
        {
          revisions: [
            { id: "b", version: 0, data: "b0" },
            { id: "a", version: 0, data: "a0" },
          ],
          indexChanges: [{ kind: "add", indexNo: 1, key: "x", documentId: "a" }],
          merkleNodes: [{ level: 0, index: 0, hash: hashOf("n") }],
        },
        { revisions: [{ id: "a", version: 1, data: "a1" }] },
      ];
      const other = await make();
      await append(storage, ...blocks);
      for (const block of blocks) await append(other, block);
      const lines = await collect(storage.derivedState(2));
      expect(lines.map((line) => line.split(" ")[0])).toEqual([
        "tables",
        "indexes",
        "revisions",
        "revisions",
        "revisions",
        "index_entries",
        "merkle_nodes",
      ]);
      expect(await collect(other.derivedState(2))).toEqual(lines);
      await append(other, {
        revisions: [{ id: "a", version: 2, data: "a2" }],
        indexChanges: [{ kind: "remove", indexNo: 1, key: "x", documentId: "a" }],
        merkleNodes: [{ level: 2, index: 0, hash: hashOf("m") }],
        catalogChanges: [{ kind: "drop-table", tableNo: 1 }],
      });
      expect(await collect(other.derivedState(2))).toEqual(lines);
      expect(await collect(other.derivedState(3))).not.toEqual(lines);
      await other.close();
    });
  });
}
