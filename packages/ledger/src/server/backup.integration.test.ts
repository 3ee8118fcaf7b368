// SPDX-License-Identifier: MIT
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { SqliteStorage, verifyLedger } from "@ledger-loader/ledger";
import { query } from "../../test/open-test-store";
import { openTestServer, testLedgerName, type TestServer } from "../../test/open-test-server";

describe("GET /ledgers/NAME/backup", () => {
  let test: TestServer;
  beforeEach(async () => {
    test = await openTestServer();
    const ledger = await test.server.store.open(testLedgerName);
    await query(ledger, "CREATE TABLE Cars");
    const text = "x".repeat(100_000);
    for (let at = 0; at < 40; at++) await query(ledger, "INSERT INTO Cars ?", `{at: ${at}, text: "${text}"}`);
  });
  afterEach(() => test.close());

  const get = (name: string, signal?: AbortSignal): Promise<Response> =>
    fetch(`${test.server.endpoint}/ledgers/${name}/backup`, signal === undefined ? {} : { signal });
  const temporaryFiles = (): string[] =>
    readdirSync(test.dataFolder).filter((name) => name.includes(".creating"));

  it("sends a copy that verifies, newest block included, and leaves nothing behind", async () => {
    const response = await get(testLedgerName);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get("content-length")).toBe(String(bytes.length));
    const file = join(test.dataFolder, "copy");
    writeFileSync(file, bytes);
    const storage = SqliteStorage.open(file);
    const digest = await (await test.server.store.open(testLedgerName)).digest();
    expect(await verifyLedger(storage, { digest })).toMatchObject({ assurance: "anchored", digest });
    await storage.close();
    while (temporaryFiles().length > 0) await setTimeout(10);
  });

  it("leaves nothing behind when the client goes away", async () => {
    const aborter = new AbortController();
    const response = await get(testLedgerName, aborter.signal);
    expect(response.status).toBe(200);
    aborter.abort();
    while (temporaryFiles().length > 0) await setTimeout(10);
    expect(await test.server.store.listLedgers()).toEqual([testLedgerName]);
  });

  it("knows no ledger that is not there", async () => {
    const response = await get("none");
    expect([response.status, response.headers.get("x-amzn-errortype")]).toEqual([
      404,
      "ResourceNotFoundException",
    ]);
    expect(temporaryFiles()).toEqual([]);
  });
});
