// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { openTestStore, query, type TestStore } from "../test/open-test-store";
import { OccConflictError, UniqueIndexError } from "./errors";

describe("A unique index", () => {
  let test: TestStore;
  beforeEach(async () => {
    test = await openTestStore();
    await query(test.ledger, "CREATE TABLE Cars");
    await query(test.ledger, "CREATE UNIQUE INDEX ON Cars (vin)");
    await query(test.ledger, "INSERT INTO Cars << {'vin': 1}, {'vin': 2}, {'vin': 'x'} >>");
  });
  afterEach(() => test.close());

  const run = (statement: string) => query(test.ledger, statement);
  const vins = async () =>
    (await run("SELECT VALUE vin FROM Cars WHERE vin IS NOT MISSING ORDER BY vin")).join(" ");

  it.each([
    "INSERT INTO Cars {'vin': 1}",
    "INSERT INTO Cars {'vin': 1.0}",
    "INSERT INTO Cars {'vin': `x`}",
    "INSERT INTO Cars << {'vin': 7}, {'vin': 7} >>",
    "UPDATE Cars SET vin = 2 WHERE vin = 1",
    "UPDATE Cars SET vin = 9 WHERE vin IN (1, 2)",
    "FROM [1, 2] AS v, Cars AS c WHERE c.vin = v SET c.vin = 'x'",
  ])("refuses %s, which changes nothing", async (statement) => {
    await expect(run(statement)).rejects.toThrow(UniqueIndexError);
    expect(await vins()).toBe('1 2 "x"');
  });

  it.each([
    ["UPDATE Cars SET vin = vin + 1 WHERE vin IN (1, 2)", '2 3 "x"'],
    ["UPDATE Cars SET vin = 3 - vin WHERE vin IN (1, 2)", '1 2 "x"'],
    ["UPDATE Cars SET colour = 'red'", '1 2 "x"'],
    ["INSERT INTO Cars << {'vin': null}, {'vin': null}, {}, {} >>", '1 2 "x" null null'],
    ["INSERT INTO Cars {'vin': '1'}", '1 2 "1" "x"'],
    ["DELETE FROM Cars WHERE vin = 1", '2 "x"'],
  ])("lets pass %s", async (statement, expected) => {
    await run(statement);
    expect(await vins()).toBe(expected);
    await test.reopen();
    expect(await test.ledger.verify()).toMatchObject({ verdict: "passed" });
  });

  it("leaves the transaction usable after a refusal, also where it changed documents before", async () => {
    await test.ledger.transact(async (transaction) => {
      await transaction.execute("INSERT INTO Cars {'vin': 5}");
      await expect(transaction.execute("UPDATE Cars SET vin = 5 WHERE vin = 1")).rejects.toThrow(
        UniqueIndexError,
      );
      await transaction.execute("DELETE FROM Cars WHERE vin = 2");
      await transaction.execute("INSERT INTO Cars {'vin': 2}");
      await transaction.execute("UPDATE Cars SET vin = 6 WHERE vin = 5");
    });
    expect(await vins()).toBe('1 2 6 "x"');
  });

  it.each([
    ["INSERT INTO Cars {'vin': 9}", "INSERT INTO Cars {'vin': 9.0}"],
    ["INSERT INTO Cars {'vin': 9}", "UPDATE Cars SET vin = 9 WHERE vin = 1"],
    ["UPDATE Cars SET vin = 9 WHERE vin = 2", "UPDATE Cars SET vin = 9 WHERE vin = 1"],
  ])("lets one of two concurrent transactions commit: %s, %s", async (one, other) => {
    const [first, second] = [await test.ledger.begin(), await test.ledger.begin()];
    await first.execute(one, []);
    await second.execute(other, []);
    await first.commit();
    await expect(second.commit()).rejects.toThrow(OccConflictError);
    await expect(run(other)).rejects.toThrow(UniqueIndexError);
  });

  it("is not created over equal values, which a concurrent transaction cannot add either", async () => {
    await run("CREATE TABLE Bikes");
    await run("INSERT INTO Bikes << {'n': 1}, {'n': 1} >>");
    await expect(run("CREATE UNIQUE INDEX ON Bikes (n)")).rejects.toThrow(UniqueIndexError);
    await run("DELETE FROM Bikes");
    await run("INSERT INTO Bikes {'n': 1}");
    const writing = await test.ledger.begin();
    await writing.execute("INSERT INTO Bikes {'n': 1}", []);
    await run("CREATE UNIQUE INDEX ON Bikes (n)");
    await expect(writing.commit()).rejects.toThrow(OccConflictError);
    const creating = await test.ledger.begin();
    await creating.execute("CREATE UNIQUE INDEX ON Cars (colour)", []);
    await run("UPDATE Cars SET colour = 'red'");
    await expect(creating.commit()).rejects.toThrow(OccConflictError);
  });

  it("holds in the transaction that creates it", async () => {
    await run("CREATE TABLE Bikes");
    await test.ledger.transact(async (transaction) => {
      await transaction.execute("INSERT INTO Bikes {'n': 1}");
      await transaction.execute("CREATE UNIQUE INDEX ON Bikes (n)");
      await expect(transaction.execute("INSERT INTO Bikes {'n': 1}")).rejects.toThrow(UniqueIndexError);
      await transaction.execute("INSERT INTO Bikes {'n': 2}");
    });
    expect((await run("SELECT n FROM Bikes")).length).toBe(2);
    await expect(run("INSERT INTO Bikes {'n': 2}")).rejects.toThrow(UniqueIndexError);
  });

  it("is shown, and lets equal values in again once it is dropped", async () => {
    const [id = ""] = await run(
      'SELECT VALUE i.indexId FROM information_schema.user_tables AS t, t.indexes AS i WHERE i."unique"',
    );
    await run(`DROP INDEX ${id} ON Cars WITH (purge = true)`);
    await run("INSERT INTO Cars {'vin': 1}");
    expect(await vins()).toBe('1 1 2 "x"');
  });
});
