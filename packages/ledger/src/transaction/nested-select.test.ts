// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { dumpText } from "ion-js";
import { openTestStore, query, type TestStore } from "../../test/open-test-store";
import { OccConflictError } from "../errors";
import type { Transaction } from "./transaction";

/** Orders whose customer is known: what is read of `Customer` is one key of its index. */
const KNOWN =
  "SELECT o.nr FROM Orders AS o WHERE EXISTS (SELECT * FROM Customer AS c WHERE c.id = o.customer)";

async function rowsOf(transaction: Transaction, statement: string): Promise<string[]> {
  return (await (await transaction.execute(statement, [])).all()).map((row) => dumpText(row));
}

describe("A nested SELECT", () => {
  let test: TestStore;
  beforeEach(async () => {
    test = await openTestStore();
    for (const table of ["Customer", "Orders", "Other"]) await query(test.ledger, `CREATE TABLE ${table}`);
    await query(test.ledger, "CREATE INDEX ON Customer (id)");
    await query(test.ledger, "INSERT INTO Customer << {'id': 1}, {'id': 2} >>");
    await query(test.ledger, "INSERT INTO Orders << {'nr': 10, 'customer': 1}, {'nr': 11, 'customer': 3} >>");
  });
  afterEach(() => test.close());

  it("sees the transaction's snapshot and its own changes", async () => {
    const transaction = await test.ledger.begin();
    await query(test.ledger, "INSERT INTO Customer {'id': 3}");
    expect(await rowsOf(transaction, KNOWN)).toEqual(["{nr:10}"]);
    await rowsOf(transaction, "INSERT INTO Customer {'id': 3}");
    expect(await rowsOf(transaction, KNOWN)).toEqual(["{nr:10}", "{nr:11}"]);
  });

  it.each([
    ["a document that was looked for and not found", "INSERT INTO Customer {'id': 3}", true],
    ["a document that was found", "DELETE FROM Customer WHERE id = 1", true],
    ["a document that the index spared", "UPDATE Customer SET name = 'Bo' WHERE id = 2", false],
    ["another table", "INSERT INTO Other {'id': 3}", false],
  ])("counts as read by the transaction: %s", async (_what, concurrent, conflicts) => {
    const transaction = await test.ledger.begin();
    await rowsOf(transaction, KNOWN);
    await rowsOf(transaction, "INSERT INTO Other {'checked': true}");
    await query(test.ledger, concurrent);
    if (conflicts) await expect(transaction.commit()).rejects.toThrow(OccConflictError);
    else await transaction.commit();
  });

  it("counts in the IO usage, once where it depends on no row", async () => {
    const transaction = await test.ledger.begin();
    await rowsOf(transaction, KNOWN);
    expect(transaction.takeUsage()).toEqual({ readIOs: 3, writeIOs: 0 });
    await rowsOf(transaction, "SELECT * FROM Orders WHERE customer IN (SELECT id FROM Customer)");
    expect(transaction.takeUsage()).toEqual({ readIOs: 4, writeIOs: 0 });
  });

  it("reads nothing, and conflicts with nothing, where its value is not needed", async () => {
    const transaction = await test.ledger.begin();
    const count = "(SELECT COUNT(*) FROM Customer)";
    await rowsOf(transaction, `SELECT CASE WHEN nr > 0 THEN 1 ELSE ${count} END FROM Orders`);
    await rowsOf(transaction, `SELECT * FROM Orders WHERE nr > 0 OR ${count} = 0`);
    expect(transaction.takeUsage()).toEqual({ readIOs: 4, writeIOs: 0 });
    await rowsOf(transaction, "INSERT INTO Other {'checked': true}");
    await query(test.ledger, "INSERT INTO Customer {'id': 3}");
    await transaction.commit();
  });

  it("that is refused leaves the transaction usable", async () => {
    const transaction = await test.ledger.begin();
    const several = "UPDATE Orders SET customer = (SELECT id FROM Customer)";
    await expect(rowsOf(transaction, several)).rejects.toThrow("Expected at most one row");
    await rowsOf(transaction, "UPDATE Orders SET customer = (SELECT MAX(id) FROM Customer)");
    await transaction.commit();
    expect(await query(test.ledger, "SELECT DISTINCT customer FROM Orders")).toEqual(["{customer:2}"]);
  });
});
