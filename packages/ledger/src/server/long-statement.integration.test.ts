// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { QLDBSessionClient, SendCommandCommand } from "@aws-sdk/client-qldb-session";
import { openTestServer, testLedgerName, type TestServer } from "../../test/open-test-server";

const ten = `<<${Array.from({ length: 10 }, (_, i) => i).join(",")}>>`;
/** Ten to the power of ten rows: it never ends by itself. */
const ENDLESS = `SELECT COUNT(*) FROM ${Array.from({ length: 10 }, (_, i) => `${ten} AS a${i}`).join(", ")}`;

describe("A statement that would run for hours", () => {
  let test: TestServer;
  let now: number;
  const clients: QLDBSessionClient[] = [];
  beforeEach(async () => {
    now = Date.now();
    test = await openTestServer({ clock: () => now });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await test.close();
  });

  function connect(): QLDBSessionClient {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const { endpoint } = test.server;
    const client = new QLDBSessionClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
    clients.push(client);
    return client;
  }

  async function begin(client: QLDBSessionClient) {
    const { StartSession } = await client.send(
      new SendCommandCommand({ StartSession: { LedgerName: testLedgerName } }),
    );
    const SessionToken = StartSession!.SessionToken!;
    const { StartTransaction } = await client.send(
      new SendCommandCommand({ SessionToken, StartTransaction: {} }),
    );
    const { TransactionId } = StartTransaction!;
    const run = (Statement: string, options = {}) =>
      client.send(
        new SendCommandCommand({ SessionToken, ExecuteStatement: { TransactionId, Statement } }),
        options,
      );
    return { SessionToken, run };
  }

  it("lets other clients be answered, and ends with its transaction's time", async () => {
    const { run } = await begin(connect());
    const running = run(ENDLESS).then(() => "answered", String);
    const other = await begin(connect());
    const { ExecuteStatement } = await other.run("SELECT VALUE x FROM <<1, 2>> AS x");
    expect(ExecuteStatement?.FirstPage?.Values).toHaveLength(2);
    now += 31_000;
    expect(await running).toMatch(/^InvalidSessionException: Transaction \w{22} has expired/);
  });

  it("ends with AbortTransaction, which does not wait for it", async () => {
    const client = connect();
    const { run, SessionToken } = await begin(client);
    const running = run(ENDLESS).catch(String);
    await begin(connect());
    await client.send(new SendCommandCommand({ SessionToken, AbortTransaction: {} }));
    expect(await running).toMatch(/its transaction was aborted/);
    const again = await client.send(new SendCommandCommand({ SessionToken, StartTransaction: {} }));
    expect(again.StartTransaction?.TransactionId).toBeDefined();
  });

  it("ends with its client's connection, so that the session's next command is answered", async () => {
    const client = connect();
    const { run, SessionToken } = await begin(client);
    const gone = new AbortController();
    const running = run(ENDLESS, { abortSignal: gone.signal }).catch(String);
    await begin(connect());
    gone.abort();
    expect(await running).toMatch(/^AbortError/);
    const next = connect().send(new SendCommandCommand({ SessionToken, StartTransaction: {} }));
    await expect(next).rejects.toThrow("Transaction already open");
  });

  it("ends with its session", async () => {
    const client = connect();
    const { run, SessionToken } = await begin(client);
    const running = run(ENDLESS).catch(String);
    await begin(connect());
    await client.send(new SendCommandCommand({ SessionToken, EndSession: {} }));
    expect(await running).toMatch(/its client is gone/);
  });

  it.each([
    ["lists", `<< [0] >> AS a0${doubled("||")}`],
    ["texts", `<< 'abc' >> AS a0${doubled("||")}`],
    [
      "lists of lists",
      `<< [0] >> AS a0${Array.from({ length: 28 }, (_, i) => `, << [a${i},a${i}] >> AS a${i + 1}`).join("")}`,
    ],
    ["products", `<< 10 >> AS a0${doubled("*", 40)}`],
  ])("is refused where it would build without end: %s", async (_, from) => {
    const { run } = await begin(connect());
    await expect(run(`SELECT COUNT(*) FROM ${from}`)).rejects.toMatchObject({ name: "BadRequestException" });
    expect((await run("SELECT VALUE x FROM <<1>> AS x")).ExecuteStatement?.FirstPage?.Values).toHaveLength(1);
  });

  it("is refused where a pattern would look at a text without end", async () => {
    const { run } = await begin(connect());
    const like = `SELECT VALUE x LIKE '%${"a".repeat(20_000)}b' FROM << '${"a".repeat(60_000)}' >> AS x`;
    await expect(run(like)).rejects.toMatchObject({ name: "BadRequestException" });
  });
});

function doubled(operator: string, times = 28): string {
  return Array.from({ length: times }, (_, i) => `, << a${i}${operator}a${i} >> AS a${i + 1}`).join("");
}
