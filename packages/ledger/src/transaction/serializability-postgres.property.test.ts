// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe } from "@jest/globals";
import { describeWhen } from "@ledger-loader/testkit";
import { describeSerializability } from "../../test/describe-serializability";
import { databaseAvailability, openTestPostgres, type TestPostgres } from "../../test/open-test-database";

describeWhen(databaseAvailability(), describe)("With a PostgreSQL server", () => {
  let postgres: TestPostgres;
  let postgresUrl: string;
  beforeAll(async () => {
    postgres = await openTestPostgres();
    postgresUrl = await postgres.makeDatabase();
  });
  afterAll(() => postgres.close());

  describeSerializability("PostgreSQL", 60, () => ({ postgresUrl }));
});
