// SPDX-License-Identifier: MIT
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { QldbDriver, RetryConfig } from "amazon-qldb-driver-nodejs";
import { openTestServer, testLedgerName, type TestServer } from "../../test/open-test-server";

let test: TestServer;
const agents: HttpAgent[] = [];
beforeEach(async () => {
  test = await openTestServer();
});
afterEach(async () => {
  await test.close();
  for (const agent of agents.splice(0)) agent.destroy();
});

async function listTables(httpAgent: HttpAgent): Promise<string[]> {
  agents.push(httpAgent);
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const options = { endpoint: test.server.endpoint, region: "us-east-1", credentials };
  const driver = new QldbDriver(testLedgerName, options, { httpAgent }, 2, new RetryConfig(0));
  try {
    return await driver.getTableNames();
  } finally {
    driver.close();
  }
}

it("the set-up of AWS's Node tutorial works with an agent of the endpoint's protocol", async () => {
  const settings = { keepAlive: true, maxSockets: 2 };
  expect(await listTables(new HttpAgent(settings))).toEqual([]);
  await expect(listTables(new HttpsAgent(settings))).rejects.toThrow(/Protocol "http:" not supported/);
});
