// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { describeWhen } from "@ledger-loader/testkit";
import { describeStorage } from "../../../test/describe-storage";
import { append } from "../../../test/storage-sketches";
import { databaseAvailability, openTestPostgres, type TestPostgres } from "../../../test/open-test-database";
import type { LedgerStorage } from "../storage";
import { PostgresDirectory } from "./postgres-directory";

describeWhen(databaseAvailability(), describe)("PostgreSQL", () => {
  let postgres: TestPostgres;
  let directory: PostgresDirectory;
  let made = 0;
  beforeAll(async () => {
    postgres = await openTestPostgres();
    directory = await PostgresDirectory.open(await postgres.makeDatabase());
  });
  afterAll(async () => {
    await directory.close();
    await postgres.close();
  });

  async function make(): Promise<LedgerStorage> {
    const name = `ledger-${(made += 1)}`;
    await directory.create(name, () => Promise.resolve());
    const storage = await directory.open(name);
    if (storage === undefined) throw new Error("Expected the ledger that was made, found none.");
    return storage;
  }

  describeStorage("PostgreSQL", make);

  it("counts what another process erases, so that a verification which runs meanwhile is made again", async () => {
    const database = await postgres.makeDatabase();
    const [here, there] = [await PostgresDirectory.open(database), await PostgresDirectory.open(database)];
    try {
      await here.create("shared", () => Promise.resolve());
      const [mine, theirs] = [(await here.open("shared"))!, (await there.open("shared"))!];
      const before = await mine.readErasureCount();
      const erasure = { sequenceNo: 0, ion: new Uint8Array([1]), revisions: [] };
      await append(theirs, {}, { erasures: [erasure, erasure] });
      expect(await mine.readErasureCount()).toBe(before + 2);
    } finally {
      await Promise.all([here.close(), there.close()]);
    }
  });
});
