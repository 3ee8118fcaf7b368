// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { ReadSet } from "../storage/read-set";
import { claimOfChanges, claimOfReads } from "./claim";
import { Contention, type Turn } from "./contention";

const A = new Set(["document a"]);
const B = new Set(["document b"]);
const BOTH = new Set([...A, ...B]);

let contention: Contention;
let happened: string[];

beforeEach(() => {
  jest.useFakeTimers();
  contention = new Contention({ turnMs: 100, waitMs: 250 });
  happened = [];
});
afterEach(() => {
  jest.useRealTimers();
});

function enter(name: string, claim: ReadonlySet<string>): Turn {
  const turn = contention.enter(claim);
  void turn.hasCome.then(() => happened.push(name));
  return turn;
}

function commit(name: string, claim: ReadonlySet<string>): void {
  void contention.giveWay(() => claim).then(() => happened.push(name));
}

const settle = (): Promise<void> => jest.advanceTimersByTimeAsync(0);

describe("Transactions that have lost a conflict", () => {
  it("have their turns in the order in which they came, and those that want something else need not wait", async () => {
    const first = enter("first", A);
    const second = enter("second", BOTH);
    enter("third", A);
    enter("other", new Set(["document c"]));
    await settle();
    expect(happened).toEqual(["first", "other"]);
    first.end();
    await settle();
    expect(happened).toEqual(["first", "other", "second"]);
    second.end();
    await settle();
    expect(happened).toEqual(["first", "other", "second", "third"]);
    expect(contention.length).toBe(2);
  });

  it("let the next one go on when their client takes too long, or has given up before its turn", async () => {
    enter("slow", A);
    const gone = enter("gone", A);
    enter("next", A);
    gone.end();
    await jest.advanceTimersByTimeAsync(99);
    expect(happened).toEqual(["slow"]);
    await jest.advanceTimersByTimeAsync(1);
    expect(happened).toEqual(["slow", "gone", "next"]);
    // Who has given up holds up nobody.
    commit("commit", A);
    await jest.advanceTimersByTimeAsync(99);
    expect(happened).not.toContain("commit");
    await jest.advanceTimersByTimeAsync(1);
    expect(happened).toContain("commit");
    expect(contention.length).toBe(0);
  });

  it("begin without a turn when so many are before them that it takes too long", async () => {
    for (let at = 1; at <= 4; at++) enter(`${at}`, A);
    await jest.advanceTimersByTimeAsync(249);
    expect(happened).toEqual(["1", "2", "3"]);
    await jest.advanceTimersByTimeAsync(1);
    expect(happened).toEqual(["1", "2", "3", "4"]);
    await jest.advanceTimersByTimeAsync(50);
    expect(contention.length).toBe(0);
  });

  it("are given way to by commits that change what they have read, and by no others", async () => {
    commit("before", A);
    const turn = enter("holder", A);
    await settle();
    commit("same", BOTH);
    commit("else", B);
    commit("reading", new Set());
    await settle();
    expect(happened).toEqual(["before", "holder", "else", "reading"]);
    turn.end();
    await settle();
    expect(happened).toEqual(["before", "holder", "else", "reading", "same"]);
  });
});

describe("A claim", () => {
  const change = (documentId: string, tableNo = 1) => ({
    tableNo,
    documentId,
    base: undefined,
    content: undefined,
    statements: [],
  });
  const reads = (fill: (reads: ReadSet) => void): ReadSet => {
    const made = new ReadSet();
    fill(made);
    return made;
  };

  it("has the documents, tables and keys that were read, or changed", () => {
    const read = reads((made) => {
      made.documentIds.add("a");
      made.scannedTables.add(2);
      made.addIndexKey(3, "k");
    });
    expect([...claimOfReads(read)]).toEqual(["document a", "table 2", "key 3 k"]);
    const noted = reads((made) => {
      made.documentIds.add("z");
      made.addIndexKey(3, "k");
    });
    expect([...claimOfChanges([change("b", 2)], noted)]).toEqual(["document b", "table 2", "key 3 k"]);
    expect([...claimOfChanges([], noted)]).toEqual([]);
  });

  it("of a transaction that has read very much is empty", () => {
    const many = reads((made) => {
      for (let id = 0; id <= 1000; id++) made.documentIds.add(`${id}`);
    });
    expect(claimOfReads(many).size).toBe(0);
  });
});
