// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { decodeBlock } from "@ledger-loader/journal";
import { IonStream } from "@ledger-loader/ion";
import { openTestServer, testLedgerName, type TestServer } from "../../test/open-test-server";

let test: TestServer;
let tip: number;

beforeAll(async () => {
  test = await openTestServer();
  const driver = test.driver();
  for (const name of ["A", "B", "C"]) {
    await driver.executeLambda(async (transaction) => {
      await transaction.execute(`CREATE TABLE ${name}`);
    });
  }
  tip = (await (await test.server.store.open(testLedgerName)).digest()).tipAddress.sequenceNo;
});
afterAll(async () => {
  await test.close();
});

async function get(path: string): Promise<Response> {
  return fetch(`${test.server.endpoint}${path}`);
}

async function sequenceNumbers(path: string): Promise<number[]> {
  const response = await get(path);
  expect(response.status).toBe(200);
  const stream = new IonStream(new Uint8Array(await response.arrayBuffer()));
  return [...stream].map((value) => decodeBlock(value).blockAddress.sequenceNo);
}

describe("GET /ledgers/NAME/journal", () => {
  it("streams every block in order", async () => {
    const expected = Array.from({ length: tip + 1 }, (_, i) => i);
    expect(tip).toBeGreaterThanOrEqual(2);
    expect(await sequenceNumbers(`/ledgers/${testLedgerName}/journal`)).toEqual(expected);
  });

  it("streams a range, both ends included", async () => {
    expect(await sequenceNumbers(`/ledgers/${testLedgerName}/journal?first=1&last=2`)).toEqual([1, 2]);
    expect(await sequenceNumbers(`/ledgers/${testLedgerName}/journal?first=${tip + 1}`)).toEqual([]);
  });

  it("refuses a ledger that is not there, and a range that is none", async () => {
    const missing = await get("/ledgers/no-such/journal");
    expect(missing.status).toBe(404);
    expect(missing.headers.get("x-amzn-errortype")).toBe("ResourceNotFoundException");
    const range = await get(`/ledgers/${testLedgerName}/journal?first=one`);
    expect(range.status).toBe(400);
    expect(range.headers.get("x-amzn-errortype")).toBe("BadRequestException");
  });
});
