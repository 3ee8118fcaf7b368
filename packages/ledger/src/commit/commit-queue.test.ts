// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { ReadSet } from "../storage/read-set";
import { SqliteStorage } from "../storage/sqlite/sqlite-storage";
import type { BlockChange, HeadLock } from "../storage/storage";
import { CommitQueue, type CommitCandidate } from "./commit-queue";

const candidate = (transactionId: string, reads = new ReadSet()): CommitCandidate => ({
  transactionId,
  asOf: -1,
  reads,
  documents: [],
  catalogChanges: [],
  redactions: [],
  statements: [],
});

/** The next block, with a table of the transaction's name. */
function nextBlock(lock: HeadLock, { transactionId }: CommitCandidate): BlockChange {
  const sequenceNo = (lock.head?.sequenceNo ?? -1) + 1;
  return {
    block: { sequenceNo, hash: new Uint8Array(32), ion: Uint8Array.of(sequenceNo) },
    transactionId,
    blockTime: sequenceNo,
    catalogChanges: [
      {
        kind: "create-table",
        tableNo: sequenceNo + 1,
        tableId: `id-${transactionId}`,
        name: transactionId,
        tags: {},
      },
    ],
    revisions: [],
    indexChanges: [],
    merkleNodes: [],
    erasures: [],
  };
}

describe("Transactions that are committed together", () => {
  let storage: SqliteStorage;
  let told: string[];
  beforeEach(() => {
    storage = SqliteStorage.open();
    told = [];
  });
  afterEach(() => storage.close());

  function queueOf(
    build = nextBlock,
    writesBlock: (one: CommitCandidate) => boolean = () => true,
  ): CommitQueue {
    return new CommitQueue(
      storage,
      (lock, one) => Promise.resolve().then(() => build(lock, one)),
      writesBlock,
    );
  }

  const outcome = (queue: CommitQueue, one: CommitCandidate): Promise<string> =>
    queue.commit(one).then(
      () => "committed",
      (error: unknown) => String(error),
    );

  const names = async (): Promise<string[]> => {
    const head = await storage.readHead();
    return (await storage.readCatalog(head?.sequenceNo ?? -1)).map(({ name }) => name);
  };

  it("are told of success when all of them are stored, and not before", async () => {
    const toldAtBuild: string[][] = [];
    const queue = queueOf((lock, one) => {
      toldAtBuild.push([...told]);
      return nextBlock(lock, one);
    });
    const commits = ["a", "b", "c"].map(async (name) => {
      await queue.commit(candidate(name));
      expect(await names()).toEqual(["a", "b", "c"]);
      told.push(name);
    });
    await Promise.all(commits);
    expect(toldAtBuild).toEqual([[], [], []]);
  });

  it("stand for themselves where one of them cannot be built", async () => {
    const queue = queueOf((lock, one) => {
      if (one.transactionId === "b") throw new Error("cannot be built");
      return nextBlock(lock, one);
    });
    const outcomes = await Promise.all(["a", "b", "c"].map((name) => outcome(queue, candidate(name))));
    expect(outcomes).toEqual(["committed", "Error: cannot be built", "committed"]);
    expect(await names()).toEqual(["a", "c"]);
  });

  it("are validated against those before them in the group", async () => {
    const reads = new ReadSet();
    reads.tableNames.set("a", undefined);
    const queue = queueOf();
    const outcomes = await Promise.all([
      outcome(queue, candidate("a")),
      outcome(queue, candidate("b", reads)),
    ]);
    expect(outcomes[0]).toBe("committed");
    expect(outcomes[1]).toMatch(/Optimistic concurrency control/);
    expect(await names()).toEqual(["a"]);
  });

  it("all fail, and leave nothing, where one of them cannot be stored", async () => {
    const queue = queueOf((lock, one) => {
      const change = nextBlock(lock, one);
      return one.transactionId === "b" ? { ...change, block: { ...change.block, sequenceNo: 99 } } : change;
    });
    const outcomes = await Promise.all(["a", "b", "c"].map((name) => outcome(queue, candidate(name))));
    expect(new Set(outcomes).size).toBe(1);
    expect(outcomes[0]).not.toBe("committed");
    expect(await storage.readHead()).toBeUndefined();
    expect(await outcome(queue, candidate("later"))).toBe("committed");
    expect(await names()).toEqual(["later"]);
  });

  it("append no block where they only read, and are validated all the same", async () => {
    const reads = new ReadSet();
    reads.tableNames.set("a", undefined);
    const queue = queueOf(nextBlock, ({ transactionId }) => transactionId === "a");
    expect(await outcome(queue, candidate("reader"))).toBe("committed");
    expect(await storage.readHead()).toBeUndefined();
    const outcomes = await Promise.all([
      outcome(queue, candidate("a")),
      outcome(queue, candidate("late", reads)),
    ]);
    expect(outcomes[1]).toMatch(/Optimistic concurrency control/);
    expect(await names()).toEqual(["a"]);
  });

  it("are completed when the queue closes, and refused after that", async () => {
    const queue = queueOf();
    const under = outcome(queue, candidate("a"));
    await queue.close();
    expect(await names()).toEqual(["a"]);
    expect(await under).toBe("committed");
    expect(await outcome(queue, candidate("b"))).toMatch(/found it closed/);
    expect(await names()).toEqual(["a"]);
  });
});
