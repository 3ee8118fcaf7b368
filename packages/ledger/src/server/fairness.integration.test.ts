// SPDX-License-Identifier: MIT
import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { describeWhen } from "@ledger-loader/testkit";
import { QldbDriver } from "amazon-qldb-driver-nodejs";
import { databaseAvailability, openTestPostgres, type TestPostgres } from "../../test/open-test-database";
import { openTestServer, testLedgerName, type TestServer } from "../../test/open-test-server";

const CLIENTS = 8;
const INCREMENTS = 5;
/** How long the first client thinks between its statement and its commit: longer than others take for a transaction. */
const THINKING_MS = 20;

/** The official driver with its own rule for retries: four, after pauses that grow. */
function connectAsIs(endpoint: string): { readonly driver: QldbDriver; readonly httpAgent: Agent } {
  const config = { region: "us-east-1", endpoint, credentials: { accessKeyId: "a", secretAccessKey: "b" } };
  const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
  return { driver: new QldbDriver(testLedgerName, config, { httpAgent }, 1), httpAgent };
}

/** Increments the one document so many times; returns how many attempts it took at most. */
async function increment(driver: QldbDriver, thinkingMs: number): Promise<number> {
  let most = 0;
  for (let done = 0; done < INCREMENTS; done++) {
    let attempts = 0;
    await driver.executeLambda(async (transaction) => {
      attempts += 1;
      await transaction.execute("UPDATE T SET n = n + 1 WHERE id = 1");
      if (thinkingMs > 0) await sleep(thinkingMs);
    });
    most = Math.max(most, attempts);
  }
  return most;
}

function describeFairness(open: () => Promise<TestServer>): void {
  let test: TestServer;
  beforeAll(async () => {
    test = await open();
    const driver = test.driver();
    await driver.executeLambda((transaction) => transaction.execute("CREATE TABLE T"));
    await driver.executeLambda((transaction) => transaction.execute("CREATE INDEX ON T (id)"));
    await driver.executeLambda((transaction) => transaction.execute("INSERT INTO T {'id': 1, 'n': 0}"));
  });
  afterAll(() => test.close());

  it("all of them end with the driver's five attempts, a slow one too", async () => {
    const clients = Array.from({ length: CLIENTS }, () => connectAsIs(test.server.endpoint));
    const attempts = await Promise.all(
      clients.map(({ driver }, at) => increment(driver, at === 0 ? THINKING_MS : 0)),
    );
    for (const { driver, httpAgent } of clients) {
      driver.close();
      httpAgent.destroy();
    }
    expect(Math.max(...attempts)).toBeLessThanOrEqual(5);
    const read = await test.driver().executeLambda((txn) => txn.execute("SELECT VALUE n FROM T"));
    expect(read.getResultList().map(Number)).toEqual([CLIENTS * INCREMENTS]);
    const { ledgers } = await test.server.measure();
    expect(ledgers).toMatchObject([{ contendingTransactions: 0, waitingCommits: 0, transactions: 0 }]);
  });
}

describe("Clients that change one document without a pause", () => {
  describeFairness(() => openTestServer());
});

describeWhen(databaseAvailability(), describe)("Clients that change one document in PostgreSQL", () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await openTestPostgres();
  });
  afterAll(() => postgres.close());
  describeFairness(async () => openTestServer({ postgresUrl: await postgres.makeDatabase() }));
});
