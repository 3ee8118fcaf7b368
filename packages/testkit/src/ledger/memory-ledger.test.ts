// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { LedgerUnavailableError, StatementRefusedError, TransactionConflictError } from "@ledger-loader/core";
import {
  FaultyLedger,
  openMemoryLedger,
  seededRandom,
  type LedgerFaults,
  type MemoryLedger,
} from "@ledger-loader/testkit";
import { dom } from "ion-js";

let ledger: MemoryLedger;

beforeEach(async () => {
  ledger = await openMemoryLedger({ T: ["k"] });
});
afterEach(() => ledger.close());

function insert(k: number, into: Pick<FaultyLedger, "transact"> = ledger.connect()): Promise<unknown> {
  return into.transact((transaction) => transaction.execute("INSERT INTO T ?", dom.Value.from({ k })));
}

function count(): Promise<number> {
  return ledger.connect().transact(async (transaction) => {
    let rows = 0;
    for await (const _ of transaction.stream("SELECT * FROM T")) rows++;
    return rows;
  });
}

describe("A ledger in memory", () => {
  it("keeps what is committed, in a journal that verifies", async () => {
    await insert(1);
    await insert(2);
    expect(await count()).toBe(2);
    expect(await ledger.embedded.verify()).toMatchObject({ findings: [] });
  });

  it("reports statements that it refuses as the driver does", async () => {
    const work = ledger.connect().transact((transaction) => transaction.execute("SELECT * FROM Nowhere"));
    await expect(work).rejects.toBeInstanceOf(StatementRefusedError);
  });

  it("runs a transaction again after a conflict, and gives up in the end", async () => {
    const readAndInsert = (conflicts: number): Promise<unknown> =>
      ledger.connect().transact(async (transaction) => {
        await transaction.execute("SELECT * FROM T");
        if (conflicts-- > 0) await insert(0);
        await transaction.execute("INSERT INTO T ?", dom.Value.from({ k: 1 }));
      });
    await readAndInsert(3);
    expect(await count()).toBe(4);
    await expect(readAndInsert(100)).rejects.toBeInstanceOf(TransactionConflictError);
  });
});

describe("A ledger with faults", () => {
  function faulty(faults: Partial<LedgerFaults>): FaultyLedger {
    return new FaultyLedger(ledger.connect(), { random: seededRandom(1), ...faults });
  }

  it("dies before a commit or after it, and is reached no more", async () => {
    const random = seededRandom(3);
    for (let k = 0; k < 20; k++) {
      const dying = faulty({ random, crashRate: 1 });
      await expect(insert(k, dying)).rejects.toBeInstanceOf(LedgerUnavailableError);
      expect(dying.isDead).toBe(true);
      await expect(insert(k, dying)).rejects.toBeInstanceOf(LedgerUnavailableError);
    }
    const committed = await count();
    expect(committed).toBeGreaterThan(0);
    expect(committed).toBeLessThan(20);
  });

  it("runs the work of a conflicting transaction again, and commits it once", async () => {
    let runs = 0;
    await faulty({ conflictRate: 1 }).transact((transaction) => {
      runs++;
      return transaction.execute("INSERT INTO T ?", dom.Value.from({ k: 1 }));
    });
    expect(runs).toBe(2);
    expect(await count()).toBe(1);
  });

  it("gives no answer during an outage, and answers after it", async () => {
    let isOut = true;
    const away = faulty({ isOut: () => isOut });
    await expect(insert(1, away)).rejects.toBeInstanceOf(LedgerUnavailableError);
    isOut = false;
    await insert(1, away);
    expect(await count()).toBe(1);
  });
});
