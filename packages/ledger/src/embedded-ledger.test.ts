// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type Block, decodeBlock, decodeTransactionInfo, statementDigest } from "@ledger-loader/journal";
import { encodeIon, hashIon, readSingleValue } from "@ledger-loader/ion";
import type { StatementParameter } from "./transaction/statement-parameter";
import { ion, openTestStore, query, type TestStore } from "../test/open-test-store";
import {
  CommitDigestError,
  LedgerClosedError,
  LedgerLimitError,
  OccConflictError,
  TransactionFailedError,
} from "./errors";

describe("An embedded ledger", () => {
  let now: number;
  let test: TestStore;
  beforeEach(async () => {
    now = Date.parse("2026-03-01T10:00:00.050Z");
    test = await openTestStore({ clock: () => now });
  });
  afterEach(() => test.close());

  const newestBlock = async (): Promise<Block> => {
    const { sequenceNo } = (await test.ledger.readHead())!;
    return decodeBlock((await test.ledger.readBlock(sequenceNo))!.ion);
  };
  const create = (): Promise<string[]> => query(test.ledger, "CREATE TABLE Cars");
  const parameter = (text: string): StatementParameter => ({ ion: readSingleValue(encodeIon(ion(text))) });

  it("commits a table, its index and documents under it in one transaction", async () => {
    await test.ledger.transact(async (transaction) => {
      await transaction.execute("CREATE TABLE Cars");
      await transaction.execute("CREATE INDEX ON Cars (vin)");
      await transaction.execute("INSERT INTO Cars << {'vin': 1, 'n': 1}, {'vin': 2, 'n': 2} >>");
    });
    expect(await query(test.ledger, "SELECT VALUE n FROM Cars WHERE vin = 2")).toEqual(["2"]);
    await test.ledger.transact(async (transaction) => {
      await transaction.execute("CREATE INDEX ON Cars (n)");
      await transaction.execute("UPDATE Cars SET n = 3 WHERE vin = 2");
    });
    expect(await query(test.ledger, "SELECT VALUE vin FROM Cars WHERE n IN (2, 3)")).toEqual(["2"]);
  });

  it("records every statement as it was sent, and each modification of a document", async () => {
    const [created] = await create();
    const inserting = "INSERT  INTO Cars ?";
    const inserted = await test.ledger.transact(async (transaction) => {
      const [row] = await transaction.execute(inserting, ion("{vin: 1}"));
      now += 7;
      await transaction.execute("SELECT * FROM Cars");
      await transaction.execute("UPDATE Cars SET make = 'Audi', doors = 4 WHERE vin = 1");
      return row?.get("documentId")?.stringValue() ?? "";
    });
    now += 100;
    const block = await newestBlock();
    const info = decodeTransactionInfo(block.transactionInfo!);
    expect(info.statements.map(({ statement, startTime }) => [statement, startTime])).toEqual([
      [inserting, "2026-03-01T10:00:00.050Z"],
      ["SELECT * FROM Cars", "2026-03-01T10:00:00.057Z"],
      ["UPDATE Cars SET make = 'Audi', doors = 4 WHERE vin = 1", "2026-03-01T10:00:00.057Z"],
    ]);
    expect(info.statements[0]?.statementDigest).toEqual(
      statementDigest(inserting, [hashIon(encodeIon(ion("{vin: 1}")))]),
    );
    const tableId = ion(created!).get("tableId")?.stringValue();
    expect([...info.documents!]).toEqual([[inserted, { tableName: "Cars", tableId, statements: [0, 2, 2] }]]);
    expect(block.blockTimestamp).toBe("2026-03-01T10:00:00.057Z");
    expect(block.revisions?.map(({ metadata }) => metadata)).toEqual([
      { id: inserted, version: 0, txTime: "2026-03-01T10:00:00.057Z", txId: block.transactionId },
    ]);
  });

  it.each([
    ["UPDATE Cars SET make = 'Audi', doors = 4", 4],
    ["FROM Cars AS c SET c.make = 'Audi', c.doors = 4, c.seats = 5", 6],
    ["FROM Cars AS c, c.parts AS p SET p.seen = true", 3],
    ["UPDATE Cars REMOVE vin", 2],
    ["FROM Cars AS c INSERT INTO c.parts VALUE {'n': 9}", 2],
    ["INSERT INTO Cars << {'vin': 3}, {'vin': 4} >>", 2],
    ["FROM Cars AS c, c.parts AS p REMOVE c", 2],
    ["DELETE FROM Cars", 2],
  ])("returns a row for each modification that the journal lists: %s", async (statement, modifications) => {
    await create();
    await query(
      test.ledger,
      "INSERT INTO Cars << {'vin': 1, 'parts': [{'n': 1}, {'n': 2}]}, {'vin': 2, 'parts': [{'n': 3}]} >>",
    );
    const rows = await query(test.ledger, statement);
    const { documents } = decodeTransactionInfo((await newestBlock()).transactionInfo!);
    const listed = [...documents!].flatMap(([id, { statements }]) =>
      statements.map(() => `{documentId:"${id}"}`),
    );
    expect(rows.sort()).toEqual(listed.sort());
    expect(rows.length).toBe(modifications);
  });

  it("makes a revision of an update that changes nothing", async () => {
    await create();
    await query(test.ledger, "INSERT INTO Cars ?", "{vin: 1}");
    await query(test.ledger, "UPDATE Cars SET vin = 1");
    expect(await query(test.ledger, "SELECT VALUE metadata.version FROM history(Cars) AS h")).toEqual([
      "0",
      "1",
    ]);
  });

  it("makes one revision of all that a transaction does to a document", async () => {
    await create();
    await query(test.ledger, "INSERT INTO Cars << {'vin': 1}, {'vin': 2} >>");
    await test.ledger.transact(async (transaction) => {
      await transaction.execute("UPDATE Cars SET vin = 10 WHERE vin = 1");
      await transaction.execute("UPDATE Cars SET vin = 100 WHERE vin = 10");
      await transaction.execute("UPDATE Cars SET vin = 20 WHERE vin = 2");
      await transaction.execute("DELETE FROM Cars WHERE vin = 20");
    });
    const rows = await query(test.ledger, "SELECT h.metadata.version, h.data.vin FROM history(Cars) AS h");
    expect(rows.sort()).toEqual([
      "{version:0,vin:1}",
      "{version:0,vin:2}",
      "{version:1,vin:100}",
      "{version:1}",
    ]);
    expect((await newestBlock()).revisions?.length).toBe(2);
  });

  it("leaves no trace but the statements of a document that came and went in one transaction", async () => {
    await create();
    await test.ledger.transact(async (transaction) => {
      await transaction.execute("INSERT INTO Cars ?", ion("{vin: 1}"));
      await transaction.execute("DELETE FROM Cars");
    });
    const block = await newestBlock();
    expect(block.revisions).toBeUndefined();
    const info = decodeTransactionInfo(block.transactionInfo!);
    expect(info.statements.length).toBe(2);
    expect(info.documents).toBeUndefined();
    expect(await query(test.ledger, "SELECT * FROM history(Cars)")).toEqual([]);
  });

  it("never lets the journal's time go back", async () => {
    await create();
    now -= 5000;
    await query(test.ledger, "INSERT INTO Cars ?", "{vin: 1}");
    expect((await newestBlock()).blockTimestamp).toBe("2026-03-01T10:00:00.050Z");
  });

  it("writes no block for a transaction that only reads, but validates it", async () => {
    await create();
    const before = await test.ledger.readHead();
    expect(await query(test.ledger, "SELECT * FROM Cars")).toEqual([]);
    expect(await test.ledger.readHead()).toEqual(before);
    const reader = await test.ledger.begin();
    await (await reader.execute("SELECT * FROM Cars", [])).all();
    await query(test.ledger, "INSERT INTO Cars ?", "{vin: 1}");
    await expect(reader.commit()).rejects.toThrow(OccConflictError);
  });

  it("writes a block for a transaction that only reads when asked to", async () => {
    const other = await openTestStore({ journalReadOnlyTransactions: true });
    await query(other.ledger, "CREATE TABLE Cars");
    await query(other.ledger, "SELECT * FROM Cars");
    expect((await other.ledger.readHead())?.sequenceNo).toBe(1);
    expect((await other.ledger.verify()).verdict).toBe("passed");
    await other.close();
  });

  it("reads as of the transaction's beginning, whatever is committed meanwhile", async () => {
    await create();
    await query(test.ledger, "INSERT INTO Cars ?", "{vin: 1}");
    const reader = await test.ledger.begin();
    await query(test.ledger, "UPDATE Cars SET vin = 2");
    await query(test.ledger, "INSERT INTO Cars ?", "{vin: 3}");
    await query(test.ledger, "CREATE TABLE People");
    const read = async (statement: string): Promise<number> =>
      (await (await reader.execute(statement, [])).all()).length;
    expect(await read("SELECT * FROM Cars WHERE vin = 1")).toBe(1);
    expect(await read("SELECT * FROM Cars")).toBe(1);
    expect(await read("SELECT * FROM history(Cars)")).toBe(1);
    expect(await read("SELECT * FROM information_schema.user_tables")).toBe(1);
  });

  it("leaves out by OFFSET the first documents, also where the transaction changed, added and deleted some", async () => {
    await create();
    await query(test.ledger, "INSERT INTO Cars << {'n': 0}, {'n': 1}, {'n': 2}, {'n': 3} >>");
    const pages = await test.ledger.transact(async (transaction) => {
      const pagesOf = async (count: number) => {
        const found: string[][] = [];
        for (let from = 0; from <= count; from += 1) {
          const rows = await transaction.execute(`SELECT VALUE n FROM Cars LIMIT 1 OFFSET ${from}`);
          found.push(rows.map((row) => JSON.stringify(row)));
        }
        return found;
      };
      const before = await pagesOf(4);
      await transaction.execute("DELETE FROM Cars WHERE n = 1");
      await transaction.execute("UPDATE Cars SET n = 20 WHERE n = 2");
      await transaction.execute("INSERT INTO Cars << {'n': 4} >>");
      return [before, await pagesOf(4)];
    });
    // Every document is on one page, and none is on the page after the last.
    expect(pages.map((each) => each.flat().sort())).toEqual([
      ["0", "1", "2", "3"],
      ["0", "20", "3", "4"],
    ]);
    expect(pages.map((each) => each.at(-1))).toEqual([[], []]);
  });

  it("refuses to commit after a statement that failed half done, and a digest that is not that of its statements", async () => {
    await create();
    const failed = await test.ledger.begin();
    const tooMany = parameter(`[${"{vin: 1},".repeat(41)}]`);
    await expect(failed.execute("INSERT INTO Cars ?", [tooMany])).rejects.toThrow(LedgerLimitError);
    await expect(failed.commit()).rejects.toThrow(TransactionFailedError);
    const other = await test.ledger.begin();
    await other.execute("INSERT INTO Cars ?", [parameter("{vin: 1}")]);
    await expect(other.commit(new Uint8Array(32))).rejects.toThrow(CommitDigestError);
    await expect(other.commit()).rejects.toThrow(TransactionFailedError);
    expect(await query(test.ledger, "SELECT * FROM Cars")).toEqual([]);
  });

  it("commits transactions that arrive together, each with a block of its own", async () => {
    await create();
    const { sequenceNo } = (await test.ledger.readHead())!;
    await Promise.all(
      Array.from({ length: 50 }, (_, vin) => query(test.ledger, "INSERT INTO Cars ?", `{vin: ${vin}}`)),
    );
    expect((await test.ledger.readHead())?.sequenceNo).toBe(sequenceNo + 50);
    expect((await test.ledger.verify()).verdict).toBe("passed");
  });

  it("keeps everything when it is closed and opened again", async () => {
    await create();
    await query(test.ledger, "INSERT INTO Cars ?", "{vin: 1}");
    const digest = await test.ledger.digest();
    const closed = test.ledger;
    const opened = await test.reopen();
    expect(await opened.digest()).toEqual(digest);
    expect(await query(opened, "SELECT * FROM Cars")).toEqual(["{vin:1}"]);
    await expect(closed.begin()).rejects.toThrow(LedgerClosedError);
  });

  it("gives a table of the same name, made after the first was dropped, documents of its own", async () => {
    await create();
    await query(test.ledger, "INSERT INTO Cars ?", "{vin: 1}");
    const [dropped] = await query(test.ledger, "DROP TABLE Cars");
    await create();
    expect(await query(test.ledger, "SELECT * FROM Cars")).toEqual([]);
    const tableId = ion(dropped!).get("tableId")?.stringValue() ?? "";
    expect(await query(test.ledger, `SELECT VALUE h.data FROM history('${tableId}') AS h`)).toEqual([
      "{vin:1}",
    ]);
  });

  it("counts dropped tables towards the limit for ever", async () => {
    const small = await openTestStore({ limits: { tablesMax: 2 } });
    await query(small.ledger, "CREATE TABLE A");
    await query(small.ledger, "DROP TABLE A");
    await query(small.ledger, "CREATE TABLE B");
    await expect(query(small.ledger, "CREATE TABLE C")).rejects.toThrow(
      "Exceeded tables limit: Ledger has 2 total tables, and cannot create another.",
    );
    await small.close();
  });

  it("says which limits are above QLDB's", async () => {
    expect(test.store.notices).toEqual([]);
    const generous = await openTestStore({
      limits: { documentsPerTransactionMax: 500, pageRowsMax: 10, openTransactionBytesMax: 2 ** 40 },
    });
    expect(generous.store.notices).toEqual([expect.stringContaining("documentsPerTransactionMax is 500")]);
    await generous.close();
  });
});
