// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  DriverLedger,
  LedgerUnavailableError,
  StatementRefusedError,
  TransactionConflictError,
  TransactionExpiredError,
  createEvent,
  createLoader,
} from "@ledger-loader/core";
import { startLedger, type TestLedger } from "@ledger-loader/testkit";
import { dom } from "ion-js";
import { loadEvents } from "../../test/load-events";

let server: TestLedger;

beforeAll(async () => {
  server = await startLedger({ tables: { T: ["oldDocumentId", "k"] } });
});
afterAll(() => server.close());

const key = (k: string): dom.Value => dom.Value.from(k);

describe("DriverLedger", () => {
  it("queues transactions beyond its sessions instead of refusing them", async () => {
    const ledger = server.connect({ sessions: 2 });
    const rows = await Promise.all(
      Array.from({ length: 12 }, () =>
        ledger.transact((transaction) => transaction.execute("SELECT * FROM T")),
      ),
    );
    expect(rows).toHaveLength(12);
  });

  it("reruns a transaction after a conflict, and gives up after as many times as it is told", async () => {
    const ledger = server.connect({ occRetries: 2 });
    const other = server.connect();
    let attempts = 0;
    const contend = (times: number): Promise<unknown> =>
      ledger.transact(async (transaction) => {
        attempts++;
        await transaction.execute("SELECT * FROM T WHERE k = ?", key("hot"));
        if (attempts <= times) {
          await other.transact((rival) => rival.execute("INSERT INTO T ?", dom.Value.from({ k: "hot" })));
        }
        return transaction.execute("INSERT INTO T ?", dom.Value.from({ k: "mine" }));
      });
    await contend(2);
    expect(attempts).toBe(3);
    attempts = 0;
    await expect(contend(99)).rejects.toThrow(TransactionConflictError);
    expect(attempts).toBe(3);
  });

  it("says what the ledger refuses, and passes on what the work throws", async () => {
    const ledger = server.connect();
    const refused = ledger.transact((transaction) => transaction.execute("SELEKT 1"));
    await expect(refused).rejects.toThrow(StatementRefusedError);
    const own = new TypeError("of the work");
    await expect(ledger.transact(() => Promise.reject(own))).rejects.toBe(own);
  });

  it("tells an expired transaction", async () => {
    const short = await startLedger({ limits: { transactionLifetimeMs: 50 } });
    try {
      const slow = short.connect().transact(async (transaction) => {
        await new Promise((resolve) => setTimeout(resolve, 120));
        return transaction.execute("SELECT * FROM information_schema.user_tables");
      });
      await expect(slow).rejects.toThrow(TransactionExpiredError);
    } finally {
      await short.close();
    }
  });

  it("streams rows page by page", async () => {
    const ledger = server.connect();
    for (let i = 0; i < 8; i++) {
      const documents = new dom.List(
        Array.from({ length: 40 }, (): dom.Value => dom.Value.from({ k: "stream" })),
      );
      await ledger.transact((transaction) => transaction.execute("INSERT INTO T ?", documents));
    }
    const count = await ledger.transact(async (transaction) => {
      let rows = 0;
      for await (const row of transaction.stream("SELECT * FROM T WHERE k = ?", key("stream"))) {
        if (row.get("k")?.stringValue() === "stream") rows++;
      }
      return rows;
    });
    expect(count).toBe(320);
  });

  it("takes a ledger that is not there for unavailable, not for an event's fault", async () => {
    const missing = new DriverLedger({
      ledgerName: "no-such-ledger",
      endpoint: server.endpoint,
      occRetries: 0,
    });
    const attempt = missing.transact((transaction) => transaction.execute("SELECT * FROM T"));
    await expect(attempt).rejects.toThrow(LedgerUnavailableError);
    await missing.close();
  });
});

describe("In an outage, a loader", () => {
  const event = (id: string) => createEvent({ op: "INSERT", table: "T", id, version: 0, data: {} });

  it("throws instead of rejecting good events, and goes on when the ledger is back", async () => {
    const ledger = server.connect({ sessions: 2, occRetries: 0 });
    const loader = createLoader({ ledger, writer: new BaseRevisionWriter() });
    expect(await loadEvents(loader, [event("before")])).toEqual(["written"]);
    await server.stop();
    // More often than there are sessions: each attempt must leave the pool usable.
    for (let i = 0; i < 4; i++) {
      await expect(loadEvents(loader, [event("during")])).rejects.toThrow(LedgerUnavailableError);
    }
    await server.restart();
    expect(await loadEvents(loader, [event("before"), event("during")])).toEqual([
      "skipped already-applied",
      "written",
    ]);
  });

  it("does not blame an event for one lost answer while the ledger answers others", async () => {
    const inner = server.connect();
    let lost = 0;
    const flaky = createLoader({
      ledger: {
        transact: async (work) => {
          const result = await inner.transact(work);
          // The second call is the first that writes; its answer gets lost after the commit.
          if (++lost === 2) throw new LedgerUnavailableError("a lost answer", undefined);
          return result;
        },
        close: () => inner.close(),
      },
      writer: new BaseRevisionWriter(),
    });
    expect(await loadEvents(flaky, [event("x"), event("y")])).toEqual(
      Array(2).fill("skipped already-applied"),
    );
  });
});
