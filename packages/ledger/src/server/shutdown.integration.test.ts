// SPDX-License-Identifier: MIT
import { afterEach, describe, expect, it } from "@jest/globals";
import { QLDBSessionClient, SendCommandCommand } from "@aws-sdk/client-qldb-session";
import { openTestServer, testLedgerName, type TestServer } from "../../test/open-test-server";

const TEN = `<<${Array.from({ length: 10 }, (_, i) => i).join(",")}>>`;
const from = (source: string): string =>
  Array.from({ length: 10 }, (_, i) => `${source} AS a${i}`).join(", ");

describe("A server that is closed", () => {
  let test: TestServer;
  let client: QLDBSessionClient;
  const defects: unknown[] = [];
  const infos: string[] = [];
  afterEach(async () => {
    client.destroy();
    defects.length = infos.length = 0;
    await test.close();
  });

  async function begin(): Promise<(statement: string) => Promise<unknown>> {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const { endpoint } = test.server;
    client = new QLDBSessionClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
    const started = await client.send(
      new SendCommandCommand({ StartSession: { LedgerName: testLedgerName } }),
    );
    const { SessionToken } = started.StartSession!;
    const { StartTransaction } = await client.send(
      new SendCommandCommand({ SessionToken, StartTransaction: {} }),
    );
    const { TransactionId } = StartTransaction!;
    return (Statement) =>
      client.send(new SendCommandCommand({ SessionToken, ExecuteStatement: { TransactionId, Statement } }));
  }

  it.each([
    ["of literals", from(TEN)],
    ["of tables", from("T")],
  ])(
    "ends a join %s, with the error on which drivers try again, and calls it no fault",
    async (_, source) => {
      test = await openTestServer({
        closeTimeoutMs: 50,
        onDefect: (error) => defects.push(error),
        onInfo: (message) => infos.push(message),
      });
      const driver = test.driver();
      await driver.executeLambda((txn) => txn.execute("CREATE TABLE T"));
      const rows = Array.from({ length: 40 }, (_, n) => ({ n }));
      await driver.executeLambda((txn) => txn.execute("INSERT INTO T ?", rows));
      const execute = await begin();
      const running = execute(`SELECT COUNT(*) FROM ${source}`).then(() => "answered", String);
      await begin();
      await test.restart();
      expect(await running).toMatch(/^InvalidSessionException: Session \w{22} has expired/);
      expect(defects).toEqual([]);
      expect(infos).toEqual([expect.stringMatching(/^Requests that were ended [^:]*: 1\./)]);
    },
  );

  it("answers what it has received, and ends then, though drivers keep their connections open", async () => {
    // Longer than a test may take.
    test = await openTestServer({ closeTimeoutMs: 1_000_000, onInfo: (message) => infos.push(message) });
    const execute = await begin();
    const running = execute(
      `SELECT COUNT(*) FROM ${Array.from({ length: 4 }, (_, i) => `${TEN} AS a${i}`).join(",")}`,
    );
    await begin();
    await test.restart();
    expect(await running).toMatchObject({ ExecuteStatement: {} });
    expect(infos).toEqual([]);
  });
});
