// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it } from "@jest/globals";
import {
  QLDBSessionClient,
  SendCommandCommand,
  type SendCommandCommandInput,
} from "@aws-sdk/client-qldb-session";
import { openTestServer, testLedgerName, type TestServer } from "../../test/open-test-server";
import type { LedgerLimits } from "../limits";

const LONG = { IonText: `{a:"${"x".repeat(100_000)}"}` };
const HUNDRED = `<<${Array.from({ length: 100 }, (_, i) => i).join(",")}>>`;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** The memory of this process's buffers that are in use, in bytes. */
async function heldByBuffers(): Promise<number> {
  // V8 frees buffers beside other work, and counts them with the next collection.
  for (let count = 0; count < 3; count++) {
    collect();
    await setTimeout(10);
  }
  return process.memoryUsage().arrayBuffers;
}

describe("What clients leave unfinished", () => {
  let test: TestServer;
  let client: QLDBSessionClient;
  const sockets: Socket[] = [];
  afterEach(async () => {
    client.destroy();
    for (const socket of sockets.splice(0)) socket.destroy();
    await test.close();
  });

  async function open(limits: Partial<LedgerLimits>): Promise<void> {
    test = await openTestServer({ limits });
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const { endpoint } = test.server;
    client = new QLDBSessionClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
    await test.driver().executeLambda((txn) => txn.execute("CREATE TABLE T"));
  }

  async function begin() {
    const { StartSession } = await send({ StartSession: { LedgerName: testLedgerName } });
    const SessionToken = StartSession!.SessionToken!;
    const { StartTransaction } = await send({ SessionToken, StartTransaction: {} });
    const { TransactionId } = StartTransaction!;
    return {
      execute: (Statement: string, ...Parameters: { IonText: string }[]) =>
        send({ SessionToken, ExecuteStatement: { TransactionId, Statement, Parameters } }),
      fetch: (NextPageToken: string) => send({ SessionToken, FetchPage: { TransactionId, NextPageToken } }),
      restart: () => send({ SessionToken, StartTransaction: {} }),
    };
  }

  function send(command: SendCommandCommandInput) {
    return client.send(new SendCommandCommand(command));
  }

  /** Sends the head of a request and so much of its body. */
  async function sendPart(bytes: number): Promise<() => Promise<string>> {
    const socket = connect(Number(new URL(test.server.endpoint).port), "127.0.0.1");
    sockets.push(socket);
    let answer = "";
    socket.on("data", (chunk) => (answer += String(chunk)));
    const head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.0\r\n";
    socket.write(`${head}X-Amz-Target: QLDBSession.SendCommand\r\nContent-Length: 9000000\r\n\r\n"`);
    await new Promise<void>((resolve) =>
      socket.write("x".repeat(bytes), () => {
        resolve();
      }),
    );
    return async () => {
      while (!answer.includes("\r\n\r\n")) await once(socket, "data");
      return answer;
    };
  }

  it("transactions: the sessions that were idle for the longest time end, with the error on which drivers try again", async () => {
    await open({ openTransactionBytesMax: 450_000 });
    const transactions = [];
    for (let count = 0; count < 5; count++) {
      const transaction = await begin();
      await transaction.execute("INSERT INTO T ?", LONG);
      transactions.push(transaction);
    }
    const ends = transactions.map((each) =>
      each.execute("SELECT VALUE x FROM <<1>> AS x").then(() => "open", String),
    );
    const expired = expect.stringMatching(
      /^InvalidSessionException: (Session \w{22} has expired|No such session)/,
    );
    expect(await Promise.all(ends)).toEqual([expired, expired, "open", "open", "open"]);
    await expect(transactions[0]!.restart()).rejects.toThrow(/No such session|has expired/);
  });

  it("transactions: the official driver runs one again that had to make way", async () => {
    await open({ openTransactionBytesMax: 350_000 });
    let attempts = 0;
    await test.driver().executeLambda(async (txn) => {
      attempts += 1;
      await txn.execute("INSERT INTO T ?", { a: "x".repeat(100_000) });
      for (let count = 0; count < 5 && attempts === 1; count++) {
        await (await begin()).execute("INSERT INTO T ?", LONG);
      }
      await txn.execute("SELECT VALUE x FROM <<1>> AS x");
    });
    expect(attempts).toBe(2);
  });

  it("transactions: a statement makes way while it runs", async () => {
    await open({ openTransactionBytesMax: 350_000 });
    const { execute } = await begin();
    const endless = Array.from({ length: 10 }, (_, i) => `${HUNDRED} AS a${i}`).join(", ");
    const running = execute(`SELECT COUNT(*) FROM ${endless}, << ? >> AS p`, LONG).then(
      () => "answered",
      String,
    );
    for (let count = 0; count < 5; count++) await (await begin()).execute("INSERT INTO T ?", LONG);
    expect(await running).toMatch(/^InvalidSessionException: Session \w{22} has expired/);
  });

  it("transactions: one that waits for its next command does not keep the request of the last one", async () => {
    await open({});
    const before = await heldByBuffers();
    const blanks = { IonText: `1${" ".repeat(1_000_000)}` };
    for (let count = 0; count < 5; count++) {
      const { execute } = await begin();
      await execute("SELECT VALUE x FROM << ?, ?, ?, ? >> AS x", blanks, blanks, blanks, blanks);
    }
    // Five requests have 20 MB.
    expect((await heldByBuffers()) - before).toBeLessThan(8_000_000);
  });

  it("results: rows that wait to be fetched while the transaction goes on are limited", async () => {
    await open({ unreadBytesMax: 100_000 });
    const { execute, fetch } = await begin();
    const few = await execute(`SELECT a, b FROM ${HUNDRED} AS a, <<1, 2, 3>> AS b`);
    const many = await execute(`SELECT a, b, ? AS c FROM ${HUNDRED} AS a, <<1, 2, 3>> AS b`, {
      IonText: `"${"x".repeat(1000)}"`,
    });
    await execute("INSERT INTO T VALUE {'a': 1}");
    const rest = await fetch(few.ExecuteStatement!.FirstPage!.NextPageToken!);
    expect(rest.FetchPage?.Page?.Values).toHaveLength(100);
    await expect(fetch(many.ExecuteStatement!.FirstPage!.NextPageToken!)).rejects.toThrow(
      /^Expected at most 100000 bytes of unfetched rows/,
    );
    expect((await execute("SELECT VALUE x FROM <<1>> AS x")).ExecuteStatement).toBeDefined();
  });

  it("parameters: what takes far more memory than its bytes is refused, and the transaction stays usable", async () => {
    await open({ parameterMemoryMax: 5_000_000 });
    const driver = test.driver();
    const lists = Array.from({ length: 10_000 }, () => []);
    await driver.executeLambda(async (txn) => {
      const statement = "INSERT INTO T <<{'a': ?}, {'a': ?}, {'a': ?}>>";
      await expect(txn.execute(statement, lists, lists, lists)).rejects.toThrow(
        /bytes of memory for parameters/,
      );
      await txn.execute("INSERT INTO T VALUE {'a': ?}", lists);
    });
  });

  it("bodies: as many make way as it takes, with status 503", async () => {
    await open({ openRequestBytesMax: 1_000_000 });
    const refused = /^HTTP\/1.1 503 [^]*x-amzn-errortype: CapacityExceededException/i;
    // Which of two sent nothing for the longer time the server alone knows: pieces lie between it and them.
    const parts = [await sendPart(600_000), await sendPart(600_000)];
    const answers = new Map(parts.map((answer, i) => [i, answer().then((text) => ({ i, text }))]));
    const first = await Promise.race(answers.values());
    expect(first.text).toMatch(refused);
    answers.delete(first.i);
    const third = await sendPart(600_000);
    answers.set(
      2,
      third().then((text) => ({ i: 2, text })),
    );
    expect((await Promise.race(answers.values())).text).toMatch(refused);
    expect((await begin()).execute).toBeDefined();
  });
});
