// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { describeWhen } from "@ledger-loader/testkit";
import { databaseAvailability, openTestPostgres, type TestPostgres } from "../test/open-test-database";
import { query } from "../test/open-test-store";
import { LedgerExistsError } from "./errors";
import { LedgerStore } from "./ledger-store";

describeWhen(databaseAvailability(), describe)("A ledger that is copied", () => {
  let folder: string;
  let postgres: TestPostgres;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ledger-copy-"));
    postgres = await openTestPostgres();
  });
  afterAll(async () => {
    await postgres.close();
    await rm(folder, { recursive: true });
  });

  it("into PostgreSQL and back is the same ledger: digest, documents, history, indexes", async () => {
    const first = await LedgerStore.open({ dataFolder: join(folder, "first") });
    const original = await first.createLedger("cars");
    for (const statement of [
      "CREATE TABLE T",
      "INSERT INTO T << {'k': 1, 'v': 'a'}, {'k': 2, 'v': 'b'} >>",
      "CREATE INDEX ON T (k)",
      "UPDATE T SET v = 'c' WHERE k = 1",
      "DELETE FROM T WHERE k = 2",
    ]) {
      await query(original, statement);
    }
    const digest = await original.digest();
    const second = await LedgerStore.open({ postgresUrl: await postgres.makeDatabase() });
    const there = await second.copyLedger(original);
    expect(there).toMatchObject({ verdict: "passed", assurance: "anchored", blocks: 5, digest });
    const copy = await second.open("cars");
    expect(copy.description).toEqual(original.description);
    const history = "SELECT h.metadata.version, h.data FROM history(T) AS h";
    expect((await query(copy, history)).sort()).toEqual((await query(original, history)).sort());
    expect(await query(copy, "SELECT VALUE t.v FROM T AS t WHERE t.k = 1")).toEqual(['"c"']);
    await query(copy, "INSERT INTO T << {'k': 3} >>");

    const third = await LedgerStore.open({ dataFolder: join(folder, "third") });
    expect(await third.copyLedger(copy)).toMatchObject({
      assurance: "anchored",
      digest: await copy.digest(),
    });
    await expect(third.copyLedger(copy)).rejects.toBeInstanceOf(LedgerExistsError);
    const { file, verification } = await copy.backUp({ folder: join(folder, "backup") });
    expect([file, verification.assurance]).toEqual([join(folder, "backup", "cars.ledger"), "anchored"]);
    await Promise.all([first, second, third].map((store) => store.close()));
  });

  it("before its first transaction is copied as well", async () => {
    const first = await LedgerStore.open({ dataFolder: join(folder, "empty") });
    const second = await LedgerStore.open({ postgresUrl: await postgres.makeDatabase() });
    const original = await first.createLedger("cars");
    expect(await second.copyLedger(original)).toMatchObject({ verdict: "passed", blocks: 0 });
    expect((await second.open("cars")).description).toEqual(original.description);
    await Promise.all([first.close(), second.close()]);
  });
});
