// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { QldbDriver } from "amazon-qldb-driver-nodejs";
import { openTestServer, testLedgerName, type TestServer } from "../../test/open-test-server";
import { query } from "../../test/open-test-store";
import { qldbLimits, type LedgerLimits } from "../limits";
import { ANYONE, type Authenticate } from "./access/caller";

/** The recorded request sequences, by situation. */
const recorded = new Map(
  readFileSync(join(__dirname, "../../test/fixtures/driver-behaviour.txt"), "utf8")
    .split(/\n(?=\S)/)
    .map((entry) => [/^\S+/.exec(entry)?.[0] ?? "", /requests: (.*)/.exec(entry)?.[1]?.trim() ?? ""]),
);

/** Brings the server into a situation while the driver is in a transaction. */
interface Situation {
  readonly limits?: Partial<LedgerLimits>;
  readonly ledgerName?: string;
  readonly statement?: string;
  readonly once?: (test: TestServer) => Promise<unknown>;
}

const wait = (milliseconds: number): Promise<unknown> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
/** How far the server's clock is ahead. */
let aheadMs: number;
const expire = (): Promise<void> => {
  aheadMs = qldbLimits.transactionLifetimeMs;
  return Promise.resolve();
};

const situations: readonly (readonly [string, Situation])[] = [
  ["ok", {}],
  ["paged", { limits: { pageRowsMax: 1 }, statement: "SELECT * FROM << 1, 2 >>" }],
  [
    "occ",
    {
      once: async ({ server }) =>
        query(await server.store.open(testLedgerName), "INSERT INTO T << {'a': 1} >>"),
    },
  ],
  ["expired", { once: expire }],
  ["nsType", { statement: "SELECT * FROM Nowhere" }],
  ["noLedger", { ledgerName: "no-such-ledger" }],
];

describe("What the official driver sends, as recorded against QLDB's wire format", () => {
  let test: TestServer;
  let sent: string[];
  const authenticate: Authenticate = (_request, body) => {
    const command = JSON.parse(body.toString()) as Record<string, unknown>;
    sent.push(...Object.keys(command).filter((name) => name !== "SessionToken"));
    return Promise.resolve(ANYONE);
  };
  beforeEach(async () => {
    aheadMs = 0;
    test = await openTestServer({ clock: () => Date.now() + aheadMs });
    await query(await test.server.store.open(testLedgerName), "CREATE TABLE T");
    sent = [];
  });
  afterEach(() => test.close());

  const transact = async (driver: QldbDriver, { statement, once }: Situation): Promise<void> => {
    let first = true;
    await driver.executeLambda(async (transaction) => {
      await transaction.execute(statement ?? "SELECT * FROM T");
      if (first) await once?.(test);
      first = false;
    });
  };

  it.each(situations)("is the same here: %s", async (name, situation) => {
    await test.restart({ limits: situation.limits ?? {}, authenticate });
    const driver = test.driver(situation.ledgerName);
    await transact(driver, situation).catch((error: unknown) => {
      expect(["expired", "nsType", "noLedger"]).toContain(name);
      expect(error).toBeInstanceOf(Error);
    });
    // The driver does not wait for the answer to its last request.
    driver.close();
    const expected = recorded.get(name) ?? "";
    while (sent.length < expected.split(" ").length) await wait(5);
    expect(sent.join(" ")).toBe(expected);
  });
});
