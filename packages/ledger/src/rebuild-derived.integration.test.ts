// SPDX-License-Identifier: MIT
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { describeWhen } from "@ledger-loader/testkit";
import Database from "libsql";
import { databaseAvailability, openTestPostgres, type TestPostgres } from "../test/open-test-database";
import { openTestStore, query, type TestStore } from "../test/open-test-store";

/** Runs SQL on the ledger's tables, behind the ledger's back. */
type Damage = (test: TestStore, sql: string) => Promise<void>;

/** The damages that a disk or a person can do to derived rows. */
const DAMAGES = [
  [
    "a current document is another one",
    "UPDATE revisions SET data = (SELECT data FROM revisions WHERE version = 1)",
  ],
  ["a revision is missing", "DELETE FROM revisions WHERE version = 1"],
  ["an index lists nothing", "DELETE FROM index_entries"],
  ["a dropped table is active", "UPDATE table_periods SET to_seq = (SELECT max(to_seq) FROM table_periods)"],
  ["nodes of the hash tree are missing", "DELETE FROM merkle_nodes WHERE level > 0"],
] as const;

function describeRebuild(name: string, open: () => Promise<TestStore>, damage: Damage): void {
  describe(`A ledger in ${name} that is rebuilt`, () => {
    let test: TestStore;
    beforeEach(async () => {
      test = await open();
      for (const statement of [
        'CREATE TABLE T WITH (aws_tags = `{a: "first"}`)',
        "CREATE INDEX ON T (k)",
        "INSERT INTO T << {'k': 1}, {'k': 2} >>",
        "UPDATE T SET n = 1 WHERE k = 1",
        "CREATE TABLE U",
        "DROP TABLE U",
      ])
        await query(test.ledger, statement);
    });
    afterEach(() => test.close());

    it.each(DAMAGES)("is whole again after %s", async (_what, sql) => {
      const digest = await test.ledger.digest();
      const answers = await query(test.ledger, "SELECT * FROM history(T)");
      await damage(test, sql);
      const { before, after } = await test.store.rebuildLedger(test.ledger.description.name);
      expect([before.verdict, new Set(before.findings.map(({ rule }) => rule))]).toEqual([
        "failed",
        new Set(["derived-state"]),
      ]);
      expect([after?.verdict, after?.findings, after?.digest]).toEqual(["passed", [], digest]);
      const ledger = await test.reopen();
      expect(await query(ledger, "SELECT * FROM history(T)")).toEqual(answers);
      await query(ledger, "UPDATE T SET n = 2 WHERE k = 1");
      expect((await ledger.verify({ digest })).assurance).toBe("anchored");
    });

    it("is not touched if its journal fails", async () => {
      await damage(
        test,
        "UPDATE blocks SET hash = (SELECT hash FROM blocks WHERE sequence_no = 0) WHERE sequence_no = 1",
      );
      await damage(test, "DELETE FROM index_entries");
      const { before, after } = await test.store.rebuildLedger(test.ledger.description.name);
      expect([before.verdict, after]).toEqual(["failed", undefined]);
    });

    it("may be empty", async () => {
      await test.store.createLedger("empty");
      expect((await test.store.rebuildLedger("empty")).after).toMatchObject({ verdict: "passed", blocks: 0 });
    });
  });
}

describeRebuild(
  "SQLite",
  () => openTestStore(),
  async (test, sql) => {
    await test.store.close();
    const database = new Database(test.file);
    database.exec(sql);
    database.close();
    await test.reopen();
  },
);

describeWhen(databaseAvailability(), describe)("With a PostgreSQL server", () => {
  let postgres: TestPostgres;
  let postgresUrl: string;
  beforeAll(async () => {
    postgres = await openTestPostgres();
  });
  afterAll(() => postgres.close());

  const open = async (): Promise<TestStore> => {
    postgresUrl = await postgres.makeDatabase();
    return openTestStore({ postgresUrl });
  };
  describeRebuild("PostgreSQL", open, async (_test, sql) => {
    await postgres.run(postgresUrl, `SET search_path TO ledger_loader_1; ${sql}`);
  });
});
