// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe } from "@jest/globals";
import { describeWhen } from "@ledger-loader/testkit";
import { describeStorage } from "../../../test/describe-storage";
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
});
