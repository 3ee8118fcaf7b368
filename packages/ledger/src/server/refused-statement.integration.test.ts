// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { decodeBlock, decodeTransactionInfo } from "@ledger-loader/journal";
import type { QldbDriver, TransactionExecutor } from "amazon-qldb-driver-nodejs";
import { openTestServer, testLedgerName, type TestServer } from "../../test/open-test-server";

/** Executes a statement that the ledger refuses, and returns what it said. */
async function refused(
  transaction: TransactionExecutor,
  statement: string,
  ...parameters: unknown[]
): Promise<string> {
  try {
    await transaction.execute(statement, ...parameters);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`Expected the ledger to refuse ${statement}, found that it did not.`);
}

/** With the official driver, which folds a statement into its commit digest before it sends the statement. */
describe("After a statement that was refused", () => {
  let test: TestServer;
  let driver: QldbDriver;
  beforeEach(async () => {
    test = await openTestServer();
    driver = test.driver();
    await driver.executeLambda((transaction) => transaction.execute("CREATE TABLE Car"));
  });
  afterEach(() => test.close());

  const count = async (table: string): Promise<number | null | undefined> => {
    const result = await driver.executeLambda((transaction) =>
      transaction.execute(`SELECT VALUE COUNT(*) FROM ${table}`),
    );
    return result.getResultList()[0]?.numberValue();
  };
  const newestStatements = async (): Promise<readonly string[]> => {
    const ledger = await test.server.store.open(testLedgerName);
    const block = await ledger.readBlock((await ledger.readHead())!.sequenceNo);
    return decodeTransactionInfo(decodeBlock(block!.ion).transactionInfo!).statements.map(
      ({ statement }) => statement,
    );
  };

  it("a missing table is created, filled and committed in the same transaction", async () => {
    await driver.executeLambda(async (transaction) => {
      const message = await refused(transaction, "SELECT * FROM Audit WHERE id = ?", 1);
      expect(message).toContain("No such variable named 'Audit'");
      await transaction.execute("CREATE TABLE Audit");
      await transaction.execute("INSERT INTO Audit ?", { id: 1 });
    });
    expect(await count("Audit")).toBe(1);
    expect(await newestStatements()).toEqual(["CREATE TABLE Audit", "INSERT INTO Audit ?"]);
  });

  it.each([
    ["a table that exists", "CREATE TABLE Car", []],
    ["a syntax error", "SELEKT", []],
    ["an unsupported clause", "SELECT * FROM Car UNION SELECT * FROM Car", []],
    ["too few parameters", "INSERT INTO Car ?", []],
    ["a document that is no struct", "INSERT INTO Car ?", [5]],
    ["a change that fits no document", "UPDATE Car SET nr.part = 1", []],
    ["a division by zero in a row", "SELECT 1 / c.zero FROM Car AS c", []],
    ["an oversized parameter", "INSERT INTO Car ?", [{ text: "x".repeat(130 * 1024) }]],
    ["an oversized statement", `SELECT * FROM Car -- ${"x".repeat(100_000)}`, []],
  ] as const)("as %s is, the transaction keeps what came before", async (_what, statement, parameters) => {
    await driver.executeLambda(async (transaction) => {
      await transaction.execute("INSERT INTO Car ?", { nr: 1, zero: 0 });
      await refused(transaction, statement, ...parameters);
      await transaction.execute("INSERT INTO Car ?", { nr: 2 });
    });
    expect(await count("Car")).toBe(2);
    expect(await newestStatements()).toEqual(["INSERT INTO Car ?", "INSERT INTO Car ?"]);
  });

  it("that changed something before it failed, nothing can be committed", async () => {
    const documents = Array.from({ length: 41 }, (_, nr) => ({ nr }));
    const swallowing = driver.executeLambda(async (transaction) => {
      await transaction.execute("INSERT INTO Car ?", { nr: 1 });
      await refused(transaction, "INSERT INTO Car ?", documents);
    });
    await expect(swallowing).rejects.toMatchObject({ name: "BadRequestException" });
    expect(await count("Car")).toBe(0);
  });

  it("whose parameter is too long to be hashed, nothing can be committed", async () => {
    const swallowing = driver.executeLambda(async (transaction) => {
      const message = await refused(transaction, "INSERT INTO Car ?", { text: "x".repeat(300 * 1024) });
      expect(message).toMatch(/^Expected a parameter of at most 131072 bytes of Ion, found \d+: abort/);
      await transaction.execute("INSERT INTO Car ?", { nr: 1 });
    });
    await expect(swallowing).rejects.toMatchObject({ name: "BadRequestException" });
    expect(await count("Car")).toBe(0);
  });

  it("that another transaction has made right meanwhile, the commit conflicts", async () => {
    const stubborn = test.driver(undefined, { retriesMax: 0 });
    const conflicting = stubborn.executeLambda(async (transaction) => {
      await refused(transaction, "SELECT * FROM Audit");
      await driver.executeLambda((other) => other.execute("CREATE TABLE Audit"));
      await transaction.execute("INSERT INTO Car ?", { audited: false });
    });
    await expect(conflicting).rejects.toMatchObject({ name: "OccConflictException" });
  });

  it("the pages of an earlier SELECT are still there, its own failure included", async () => {
    await test.restart({ limits: { pageRowsMax: 2 } });
    const rows: (number | null)[] = [];
    await driver.executeLambda(async (transaction) => {
      const select = "SELECT VALUE 6 / (x - 1) FROM << 7, 4, 3, 1 >> AS x";
      const stream = await transaction.executeAndStreamResults(select);
      await refused(transaction, "SELEKT");
      await transaction.execute("INSERT INTO Car ?", { nr: 4 });
      const reading = (async (): Promise<void> => {
        for await (const row of stream) rows.push((row as { numberValue(): number | null }).numberValue());
      })();
      await expect(reading).rejects.toThrow(/division by zero/);
      await transaction.execute("INSERT INTO Car ?", { nr: 5 });
    });
    expect(rows).toEqual([1, 2]);
    expect(await count("Car")).toBe(2);
  });
});
