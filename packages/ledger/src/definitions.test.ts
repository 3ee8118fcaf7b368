// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import Libsql from "libsql";
import { openTestStore, query, type TestStore } from "../test/open-test-store";
import { CatalogError, OccConflictError } from "./errors";
import { LedgerStore } from "./ledger-store";
import { SqliteStorage } from "./storage/sqlite/sqlite-storage";
import { rebuildLedger } from "./verification/rebuild-ledger";

describe("Tables and indexes", () => {
  let test: TestStore;
  beforeEach(async () => {
    test = await openTestStore();
    await query(test.ledger, "CREATE TABLE Cars");
    await query(test.ledger, "CREATE INDEX ON Cars (vin)");
    await query(test.ledger, "INSERT INTO Cars << {'vin': 1}, {'vin': 2} >>");
  });
  afterEach(() => test.close());

  const run = (statement: string) => query(test.ledger, statement);
  const tables = () =>
    run("SELECT VALUE {'n': name, 's': status, 'i': SIZE(indexes)} FROM information_schema.user_tables");

  async function tableId(name = "Cars"): Promise<string> {
    const [id = ""] = await run(
      `SELECT VALUE tableId FROM information_schema.user_tables WHERE name = '${name}'`,
    );
    return id;
  }

  async function indexId(): Promise<string> {
    const [id = ""] = await run("SELECT VALUE indexes[0].indexId FROM information_schema.user_tables");
    return id;
  }

  async function expectSound(): Promise<void> {
    expect(await test.ledger.verify()).toMatchObject({ verdict: "passed", findings: [] });
    const head = (await test.ledger.readHead())!;
    const rebuilt = SqliteStorage.open();
    await rebuildLedger(rebuilt, test.ledger.blocks());
    await test.store.close();
    const stored = SqliteStorage.open(test.file);
    expect(await collect(rebuilt.derivedState(head.sequenceNo))).toEqual(
      await collect(stored.derivedState(head.sequenceNo)),
    );
    await Promise.all([stored.close(), rebuilt.close()]);
    await test.reopen();
  }

  it("come back with documents, history and indexes when a dropped table is undropped", async () => {
    const id = await tableId();
    await run("DROP TABLE Cars");
    expect(await tables()).toEqual(['{n:"Cars",s:"INACTIVE",i:1}']);
    expect(await run(`UNDROP TABLE ${id}`)).toEqual([`{tableId:${id}}`]);
    expect(await tables()).toEqual(['{n:"Cars",s:"ACTIVE",i:1}']);
    await run("UPDATE Cars SET vin = 3 WHERE vin = 2");
    expect((await run("SELECT vin FROM Cars WHERE vin IN (1, 3)")).sort()).toEqual(["{vin:1}", "{vin:3}"]);
    expect((await run("SELECT metadata.version FROM history(Cars)")).length).toBe(3);
    for (let round = 0; round < 2; round++) {
      await run("DROP TABLE Cars");
      await run(`undrop table ${id};`);
    }
    await expectSound();
    expect(await tables()).toEqual(['{n:"Cars",s:"ACTIVE",i:1}']);
  });

  it("are not undropped while active, unknown, or while another table has the name", async () => {
    const id = await tableId();
    await expect(run(`UNDROP TABLE ${id}`)).rejects.toThrow("is active: nothing to do");
    await expect(run('UNDROP TABLE "KmA3ZZca7vAIiJAK9S5Iwl"')).rejects.toThrow("found none with the id");
    await run("DROP TABLE Cars");
    await run("CREATE TABLE Cars");
    await expect(run(`UNDROP TABLE ${id}`)).rejects.toThrow(CatalogError);
    await run("DROP TABLE Cars");
    await run(`UNDROP TABLE ${id}`);
    expect((await run("SELECT vin FROM Cars")).length).toBe(2);
  });

  it("lose an index that is dropped, whose number is not given again", async () => {
    const id = await tableId();
    expect(await run(`DROP INDEX ${await indexId()} ON Cars WITH (purge = true)`)).toEqual([
      `{tableId:${id}}`,
    ]);
    expect(await tables()).toEqual(['{n:"Cars",s:"ACTIVE",i:0}']);
    await run("UPDATE Cars SET vin = 5 WHERE vin = 1");
    await run("CREATE INDEX ON Cars (vin)");
    expect(await run("SELECT vin FROM Cars WHERE vin = 5")).toEqual(["{vin:5}"]);
    expect(await run("SELECT vin FROM Cars WHERE vin = 1")).toEqual([]);
    await expectSound();
    expect(await run("SELECT vin FROM Cars WHERE vin = 5")).toEqual(["{vin:5}"]);
  });

  it.each([
    ['DROP INDEX "nothing" ON Cars WITH (purge = true)', "found none with this id"],
    ['DROP INDEX "nothing" ON Bikes WITH (purge = true)', "No such variable named 'Bikes'"],
    ['DROP INDEX "nothing" ON Cars WITH (purge = false)', "Expected purge = true"],
    ['DROP INDEX "nothing" ON Cars', "Expected WITH"],
  ])("refuse %s", async (statement, message) => {
    await expect(run(statement)).rejects.toThrow(message);
  });

  it.each(["CREATE INDEX ON Cars (colour)", "CREATE UNIQUE INDEX ON Cars (colour)"])(
    "may be changed and indexed in one transaction: %s",
    async (definition) => {
      await test.ledger.transact(async (transaction) => {
        await transaction.execute("INSERT INTO Cars {'vin': 3, 'colour': 'red'}");
        await transaction.execute("UPDATE Cars SET colour = 'blue' WHERE vin = 1");
        await transaction.execute(definition);
        await transaction.execute("INSERT INTO Cars {'vin': 4, 'colour': 'green'}");
      });
      const found = await run(
        "SELECT VALUE vin FROM Cars WHERE colour IN ('red', 'blue', 'green') ORDER BY vin",
      );
      expect(found).toEqual(["1", "3", "4"]);
      await expectSound();
    },
  );

  it("make a transaction conflict that looked into an index before it was dropped", async () => {
    const transaction = await test.ledger.begin();
    const cursor = await transaction.execute("SELECT vin FROM Cars WHERE vin = 9", []);
    await transaction.read(() => cursor.all());
    await run(`DROP INDEX ${await indexId()} ON Cars WITH (purge = true)`);
    await run("INSERT INTO Cars {'vin': 9}");
    await expect(transaction.commit()).rejects.toThrow(OccConflictError);
  });

  it("are migrated from the first format, also in a folder that is only read", async () => {
    await run("CREATE TABLE Old");
    await run("DROP TABLE Old");
    await test.store.close();
    const database = new Libsql(test.file);
    database.exec(`ALTER TABLE tables ADD COLUMN to_seq INTEGER NOT NULL DEFAULT 0;
      UPDATE tables SET to_seq = (SELECT p.to_seq FROM table_periods p WHERE p.table_no = tables.table_no);
      ALTER TABLE indexes DROP COLUMN is_unique; DROP TABLE table_periods; PRAGMA user_version = 1`);
    database.close();
    const reading = await LedgerStore.open({ dataFolder: test.dataFolder, readOnly: true });
    expect(await (await reading.open("test")).verify()).toMatchObject({ verdict: "passed", blocks: 5 });
    await reading.close();
    await test.reopen();
    expect(await tables()).toEqual(['{n:"Cars",s:"ACTIVE",i:1}', '{n:"Old",s:"INACTIVE",i:0}']);
    await run(`UNDROP TABLE ${await tableId("Old")}`);
    await expectSound();
  });
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
