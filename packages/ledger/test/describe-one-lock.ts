// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { ReadSet } from "../src/storage/read-set";
import type { LedgerStorage } from "../src/storage/storage";
import {
  append,
  appendUnder,
  type BlockSketch,
  collect,
  createIndex,
  createTable,
  shown,
} from "./storage-sketches";

/** The rules of every storage for several blocks that are appended under one lock. `make` returns an empty storage. */
export function describeOneLock(findStorage: () => LedgerStorage, make: () => Promise<LedgerStorage>): void {
  describe("with blocks of one lock", () => {
    it("keeps apart what blocks of one lock change one after the other, or what each block changes under its own", async () => {
      const entry = { indexNo: 1, key: "k", documentId: "a" } as const;
      const revision = (version: number) => [{ id: "a", version, data: `a${version}` }];
      const blocks: BlockSketch[] = [
        { catalogChanges: [createTable, createIndex] },
        { revisions: revision(0), indexChanges: [{ ...entry, kind: "add" }] },
        { revisions: revision(1), indexChanges: [{ ...entry, kind: "remove" }] },
        { revisions: revision(2), indexChanges: [{ ...entry, kind: "add" }] },
        { revisions: revision(3), indexChanges: [{ ...entry, kind: "remove" }] },
        { revisions: revision(4), indexChanges: [{ ...entry, kind: "add" }] },
      ];
      const other = await make();
      await append(findStorage(), ...blocks);
      for (const block of blocks) await append(other, block);
      expect(await collect(findStorage().derivedState(5))).toEqual(await collect(other.derivedState(5)));
      const found = await Promise.all(
        [1, 2, 3, 4, 5].map((asOf) => shown(findStorage().findByIndex(1, 1, "k", asOf))),
      );
      expect(found).toEqual([["a v0 a0"], [], ["a v2 a2"], [], ["a v4 a4"]]);
      await other.close();
    });

    it("stores more rows of one lock than fit into one statement, and finds conflicts with them before", async () => {
      const ids = Array.from({ length: 75 }, (_, i) => `d${i}`);
      await append(findStorage(), { catalogChanges: [createTable, createIndex] });
      await findStorage().lockHead(async (lock) => {
        await appendUnder(lock, {
          revisions: ids.map((id) => ({ id, version: 0, data: id })),
          indexChanges: ids.map((id) => ({ kind: "add", indexNo: 1, key: id, documentId: id })),
        });
        const reads = [new ReadSet(), new ReadSet(), new ReadSet(), new ReadSet()];
        reads[0]?.documentIds.add("d7");
        reads[1]?.scannedTables.add(1);
        reads[2]?.addIndexKey(1, "d74");
        reads[3]?.documentIds.add("elsewhere");
        const conflicts = await Promise.all(reads.map((each) => lock.findConflict(each, 0)));
        expect(conflicts.map((what) => what !== undefined)).toEqual([true, true, true, false]);
      });
      expect((await shown(findStorage().scan(1, 1))).length).toBe(75);
      expect(await shown(findStorage().findByIndex(1, 1, "d74", 1))).toEqual(["d74 v0 d74"]);
    });
  });
}
