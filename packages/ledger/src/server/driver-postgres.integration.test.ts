// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe } from "@jest/globals";
import { describeWhen } from "@ledger-loader/testkit";
import { describeDriver } from "../../test/describe-driver";
import { databaseAvailability, openTestPostgres, type TestPostgres } from "../../test/open-test-database";

describeWhen(databaseAvailability(), describe)("With a PostgreSQL server", () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await openTestPostgres();
  });
  afterAll(() => postgres.close());

  describeDriver("PostgreSQL", async () => ({ postgresUrl: await postgres.makeDatabase() }));
});
