// SPDX-License-Identifier: MIT
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { QldbDriver, Result, TransactionExecutor } from "amazon-qldb-driver-nodejs";
import { dom, dumpText, load, type Reader } from "ion-js";
import { openTestServer, type TestServer } from "./open-test-server";
import type { LedgerLimits, LedgerServerOptions } from "../src/index";
import { qldbLimits } from "../src/limits";

const ion = (text: string): dom.Value => load(text)!;
const text = (value: dom.Value | Reader | undefined): string => dumpText(value);
const texts = (result: Result): string[] => result.getResultList().map(text).sort();
const run = (driver: QldbDriver, statement: string, ...parameters: unknown[]): Promise<Result> =>
  driver.executeLambda((transaction: TransactionExecutor) => transaction.execute(statement, ...parameters));

/** The behaviour that the driver finds on every storage. `open` returns where the server keeps its ledgers; none of them exists. */
export function describeDriver(
  name: string,
  open: () => Promise<Pick<LedgerServerOptions, "postgresUrl">>,
): void {
  describe(`The official driver on ${name}`, () => {
    let test: TestServer;
    let driver: QldbDriver;
    /** How far the server's clock is ahead. */
    let aheadMs: number;
    const reopen = async (limits: Partial<LedgerLimits>): Promise<void> => {
      await test.restart({ limits });
    };

    beforeEach(async () => {
      aheadMs = 0;
      test = await openTestServer({ ...(await open()), clock: () => Date.now() + aheadMs });
      driver = test.driver();
      await run(driver, "CREATE TABLE Cars");
    });
    afterEach(() => test.close());

    it("creates tables and indexes, and lists tables by name", async () => {
      await run(driver, "CREATE TABLE People");
      const created = await run(driver, "CREATE INDEX ON People (GovId)");
      expect(created.getResultList().length).toBe(1);
      expect(created.getResultList()[0]?.get("tableId")?.stringValue()).toMatch(/^[0-9A-Za-z]{22}$/);
      await run(driver, "CREATE TABLE Gone");
      await run(driver, "DROP TABLE Gone");
      expect((await driver.getTableNames()).sort()).toEqual(["Cars", "People"]);
    });

    it("inserts, selects, updates and deletes", async () => {
      const inserted = await run(driver, "INSERT INTO Cars ?", { vin: "1", make: "Audi" });
      const documentId = inserted.getResultList()[0]?.get("documentId")?.stringValue() ?? "";
      expect(documentId).toMatch(/^[0-9A-Za-z]{22}$/);
      expect(texts(await run(driver, "SELECT * FROM Cars AS c BY id WHERE id = ?", documentId))).toEqual([
        `{vin:"1",make:"Audi",id:"${documentId}"}`,
      ]);
      const updated = await run(driver, "UPDATE Cars SET make = ? WHERE vin = ?", "BMW", "1");
      expect(texts(updated)).toEqual([`{documentId:"${documentId}"}`]);
      expect(texts(await run(driver, "SELECT make FROM Cars WHERE vin = '1'"))).toEqual(['{make:"BMW"}']);
      expect(texts(await run(driver, "DELETE FROM Cars WHERE vin = ?", "1"))).toEqual([
        `{documentId:"${documentId}"}`,
      ]);
      expect(texts(await run(driver, "SELECT * FROM Cars"))).toEqual([]);
    });

    it("inserts a list of documents at once", async () => {
      const documents = Array.from({ length: 40 }, (_, vin) => ({ vin }));
      const inserted = await run(driver, "INSERT INTO Cars ?", documents);
      expect(inserted.getResultList().length).toBe(40);
      expect((await run(driver, "SELECT vin FROM Cars")).getResultList().length).toBe(40);
    });

    it("shows the committed view and the history, deletion included", async () => {
      await run(driver, "INSERT INTO Cars ?", { vin: "1" });
      await run(driver, "UPDATE Cars SET vin = ?", "2");
      const [row] = (
        await run(driver, "SELECT * FROM _ql_committed_Cars WHERE data.vin = '2'")
      ).getResultList();
      expect(row?.fieldNames()).toEqual(["blockAddress", "hash", "data", "metadata"]);
      expect(row?.get("metadata", "version")?.numberValue()).toBe(1);
      expect(row?.get("blockAddress", "sequenceNo")?.numberValue()).toBe(2);
      expect(text(row?.get("metadata", "txTime") ?? undefined)).toMatch(
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
      );
      const documentId = row?.get("metadata", "id")?.stringValue();
      await run(driver, "DELETE FROM Cars");
      const history = await run(
        driver,
        "SELECT h.metadata.version, h.data.vin FROM history(Cars) AS h WHERE h.metadata.id = ?",
        documentId,
      );
      expect(texts(history)).toEqual(['{version:0,vin:"1"}', '{version:1,vin:"2"}', "{version:2}"]);
    });

    it("sees its own uncommitted changes, and nobody else does", async () => {
      const other = test.driver();
      await driver.executeLambda(async (transaction) => {
        await transaction.execute("INSERT INTO Cars ?", { vin: "1" });
        await transaction.execute("UPDATE Cars SET make = 'Audi' WHERE vin = '1'");
        expect(texts(await transaction.execute("SELECT * FROM Cars"))).toEqual(['{vin:"1",make:"Audi"}']);
        expect(texts(await run(other, "SELECT * FROM Cars"))).toEqual([]);
      });
      expect(texts(await run(other, "SELECT * FROM Cars"))).toEqual(['{vin:"1",make:"Audi"}']);
    });

    it("leaves nothing of a transaction that was aborted", async () => {
      const aborted = driver.executeLambda(async (transaction) => {
        await transaction.execute("INSERT INTO Cars ?", { vin: "1" });
        transaction.abort();
      });
      await expect(aborted).rejects.toMatchObject({ name: "LambdaAbortedError" });
      expect(texts(await run(driver, "SELECT * FROM Cars"))).toEqual([]);
    });

    it("retries after a conflict until both increments are there", async () => {
      await run(driver, "INSERT INTO Cars ?", { vin: "1", visits: 0 });
      const attempts = { count: 0 };
      const increment = (client: QldbDriver): Promise<void> =>
        client.executeLambda(async (transaction) => {
          attempts.count += 1;
          const [row] = (
            await transaction.execute("SELECT visits FROM Cars WHERE vin = '1'")
          ).getResultList();
          const visits = row?.get("visits")?.numberValue() ?? 0;
          await transaction.execute("UPDATE Cars SET visits = ? WHERE vin = '1'", visits + 1);
        });
      const clients = [driver, test.driver(), test.driver(), test.driver()].map((client) =>
        increment(client),
      );
      await Promise.all(clients);
      expect(texts(await run(driver, "SELECT visits FROM Cars"))).toEqual(["{visits:4}"]);
      expect(attempts.count).toBeGreaterThan(4);
    });

    it("surfaces a conflict once retries are used up", async () => {
      await run(driver, "INSERT INTO Cars ?", { vin: "1" });
      const stubborn = test.driver(undefined, { retriesMax: 0 });
      const conflicting = stubborn.executeLambda(async (transaction) => {
        await transaction.execute("SELECT * FROM Cars");
        await run(driver, "INSERT INTO Cars ?", { vin: "2" });
        await transaction.execute("UPDATE Cars SET make = 'x'");
      });
      await expect(conflicting).rejects.toMatchObject({ name: "OccConflictException" });
    });

    it("reads results of many pages", async () => {
      await reopen({ pageRowsMax: 7, documentsPerTransactionMax: 100 });
      await run(
        driver,
        "INSERT INTO Cars ?",
        Array.from({ length: 100 }, (_, vin) => ({ vin })),
      );
      const result = await run(driver, "SELECT VALUE vin FROM Cars");
      const vins = result.getResultList().map((vin) => vin.numberValue());
      expect(vins.sort((a, b) => a! - b!)).toEqual(Array.from({ length: 100 }, (_, vin) => vin));
      expect(result.getConsumedIOs().getReadIOs()).toBe(100);
    });

    it("streams a result while the same transaction changes what it reads", async () => {
      await reopen({ pageRowsMax: 3 });
      await run(
        driver,
        "INSERT INTO Cars ?",
        Array.from({ length: 10 }, (_, vin) => ({ vin })),
      );
      const seen = await driver.executeLambda(async (transaction) => {
        const rows: number[] = [];
        for await (const row of await transaction.executeAndStreamResults("SELECT VALUE vin FROM Cars")) {
          rows.push((row as dom.Value).numberValue() ?? -1);
          if (rows.length === 1) await transaction.execute("DELETE FROM Cars");
        }
        return rows;
      });
      expect(seen.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(texts(await run(driver, "SELECT * FROM Cars"))).toEqual([]);
    });

    it("gives up on a transaction that has expired, and goes on with the session", async () => {
      const late = driver.executeLambda(async (transaction) => {
        await transaction.execute("INSERT INTO Cars ?", { vin: "1" });
        aheadMs = qldbLimits.transactionLifetimeMs;
      });
      await expect(late).rejects.toMatchObject({
        name: "InvalidSessionException",
        message: expect.stringMatching(/^Transaction [0-9A-Za-z]{22} has expired$/) as unknown,
      });
      expect(texts(await run(driver, "SELECT * FROM Cars"))).toEqual([]);
    });

    it("carries on with new sessions after a restart of the server", async () => {
      await run(driver, "INSERT INTO Cars ?", { vin: "1" });
      await test.restart();
      expect(texts(await run(driver, "SELECT * FROM Cars"))).toEqual(['{vin:"1"}']);
    });

    it("does not keep a server from closing, however busy it is", async () => {
      let closing = true;
      const load = async (): Promise<void> => {
        const busy = test.driver(undefined, { retriesMax: 0 });
        // Requests may fail while the server is gone; what counts is that it goes.
        // A driver that has lost its sessions fails without waiting for anything, so the loop itself lets others go on.
        while (closing) {
          await Promise.allSettled([run(busy, "SELECT * FROM Cars")]);
          await setImmediate();
        }
      };
      const loads = [load(), load(), load()];
      // While these are served, the others are.
      await Promise.all(Array.from({ length: 10 }, () => run(driver, "SELECT * FROM Cars")));
      await test.restart();
      closing = false;
      await Promise.all(loads);
      expect(texts(await run(driver, "SELECT * FROM Cars"))).toEqual([]);
    });

    it("carries on with new sessions once its sessions have expired", async () => {
      await run(driver, "INSERT INTO Cars ?", { vin: "1" });
      aheadMs = qldbLimits.sessionLifetimeMaxMs;
      expect(texts(await run(driver, "SELECT * FROM Cars"))).toEqual(['{vin:"1"}']);
    });

    it("is told that a ledger does not exist", async () => {
      await expect(run(test.driver("no-such-ledger"), "SELECT * FROM Cars")).rejects.toMatchObject({
        name: "BadRequestException",
      });
    });

    it.each([
      ["an unknown table", "SELECT * FROM Nowhere", []],
      ["a table that exists", "CREATE TABLE Cars", []],
      ["a syntax error", "SELEKT", []],
      ["too few parameters", "INSERT INTO Cars ?", []],
      ["a document that is no struct", "INSERT INTO Cars ?", [5]],
      ["an oversized document", "INSERT INTO Cars ?", [{ text: "x".repeat(130 * 1024) }]],
      ["too many documents", "INSERT INTO Cars ?", [Array.from({ length: 41 }, () => ({ a: 1 }))]],
    ] as const)("is told of %s, and can use the session afterwards", async (_what, statement, parameters) => {
      await expect(run(driver, statement, ...parameters)).rejects.toMatchObject({
        name: "BadRequestException",
      });
      await run(driver, "INSERT INTO Cars ?", { vin: "1" });
      expect((await run(driver, "SELECT * FROM Cars")).getResultList().length).toBe(1);
    });

    it("gets back every Ion type as it was inserted", async () => {
      const document = ion(
        `{a: null.struct, b: true, c: 123456789012345678901234567890, d: 1.50, e: 2e0, f: 2019-09-16T19:37:05.000000-00:00,
        g: "x", h: y, i: {{"c"}}, j: {{AQI=}}, k: [1, two], l: (+ 1 2), m: kg::5, n: tag::{o: -0.0}}`,
      );
      await run(driver, "INSERT INTO Cars ?", document);
      const [row] = (await run(driver, "SELECT * FROM Cars")).getResultList();
      expect(text(row)).toBe(text(document));
    });
  });
}
