// SPDX-License-Identifier: MIT
import { beforeEach, describe, expect, it } from "@jest/globals";
import { ReadSet } from "../src/storage/read-set";
import type { LedgerStorage } from "../src/storage/storage";
import { append, createIndex, createTable } from "./storage-sketches";

/** The conflicts that every storage must find between changes and reads of a transaction. */
export function describeConflicts(findStorage: () => LedgerStorage): void {
  describe("finds what changed after a snapshot", () => {
    const reading = (fill: (reads: ReadSet) => void): ReadSet => {
      const reads = new ReadSet();
      fill(reads);
      return reads;
    };
    const conflict = (reads: ReadSet, asOf: number): Promise<string | undefined> =>
      findStorage().lockHead((lock) => lock.findConflict(reads, asOf));

    beforeEach(() =>
      append(
        findStorage(),
        { catalogChanges: [createTable, createIndex] },
        {
          revisions: [{ id: "a", version: 0, data: "a0" }],
          indexChanges: [{ kind: "add", indexNo: 1, key: "x", documentId: "a" }],
        },
        { revisions: [{ id: "a", version: 1, data: "a1" }] },
        {
          revisions: [{ id: "a", version: 2 }],
          indexChanges: [{ kind: "remove", indexNo: 1, key: "x", documentId: "a" }],
        },
        { catalogChanges: [{ kind: "drop-table", tableNo: 1 }] },
      ),
    );

    it.each([
      ["a document that changed", (reads: ReadSet) => reads.documentIds.add("a"), 2],
      ["a document that was not there and still is not", (reads: ReadSet) => reads.documentIds.add("z"), -1],
      ["a table as a whole", (reads: ReadSet) => reads.scannedTables.add(1), 2],
      [
        "a key that a document left",
        (reads: ReadSet) => {
          reads.addIndexKey(1, "x");
        },
        2,
      ],
      [
        "another key",
        (reads: ReadSet) => {
          reads.addIndexKey(1, "y");
        },
        -1,
      ],
      [
        "the catalog",
        (reads: ReadSet) => {
          reads.catalog = true;
        },
        3,
      ],
      ["nothing", () => undefined, -1],
    ] as const)("for %s", async (_what, fill, lastConflicting) => {
      for (let asOf = 0; asOf <= 4; asOf++) {
        const found = await conflict(reading(fill), asOf);
        expect([asOf, found !== undefined]).toEqual([asOf, asOf <= lastConflicting]);
      }
    });

    it("for a key that a document joined", async () => {
      await append(findStorage(), {
        revisions: [{ id: "b", version: 0, data: "b0" }],
        indexChanges: [{ kind: "add", indexNo: 1, key: "new", documentId: "b" }],
      });
      const reads = reading((set) => {
        set.addIndexKey(1, "new");
      });
      expect(await conflict(reads, 4)).toBeDefined();
      expect(await conflict(reads, 5)).toBeUndefined();
    });

    it("for an index that was dropped", async () => {
      await append(findStorage(), { catalogChanges: [{ kind: "drop-index", tableNo: 1, indexNo: 1 }] });
      const reads = reading((set) => {
        set.addIndexKey(1, "y");
      });
      expect(await conflict(reads, 4)).toBeDefined();
    });

    it("for the table that a name stood for", async () => {
      const named = (tableNo: number | undefined): ReadSet =>
        reading((reads) => reads.tableNames.set("Cars", tableNo));
      expect(await conflict(named(1), 3)).toBeDefined();
      expect(await conflict(named(undefined), 3)).toBeUndefined();
    });
  });
}
