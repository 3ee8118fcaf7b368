// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { GetDigestCommand } from "@aws-sdk/client-qldb";
import { describeWhen } from "@ledger-loader/testkit";
import { type AnsweredRequest, openLedgerServer, type ServerChange, type ServerObserver } from "../../index";
import { databaseAvailability, openTestPostgres } from "../../../test/open-test-database";
import { openTestServer, testLedgerName, type TestServer } from "../../../test/open-test-server";

let test: TestServer;
let requests: AnsweredRequest[];
let changes: ServerChange[];
let onNext: () => void = () => undefined;

beforeEach(async () => {
  requests = [];
  changes = [];
  test = await openTestServer({
    limits: { activeSessionsMax: 2 },
    observer: {
      onRequest: (request) => {
        requests.push(request);
        onNext();
      },
      onChange: (change) => {
        changes.push(change);
      },
    },
  });
});
afterEach(() => test.close());

/** Operations and results of all requests so far, in the order of their answers; then forgets them. */
function takeResults(): readonly string[] {
  return requests
    .splice(0)
    .map(({ operation, result, errorCode }) =>
      [operation, result, ...(errorCode === undefined ? [] : [errorCode])].join(" "),
    );
}

/** Sends one request to the session API. */
async function command(body: object, target = "QLDBSession.SendCommand"): Promise<Record<string, unknown>> {
  const response = await fetch(test.server.endpoint, {
    method: "POST",
    headers: { "x-amz-target": target, "content-type": "application/x-amz-json-1.0" },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, unknown>;
}

async function startSession(): Promise<string> {
  const answer = await command({ StartSession: { LedgerName: testLedgerName } });
  return (answer["StartSession"] as { SessionToken: string }).SessionToken;
}

describe("The observer of a server", () => {
  it("is told of each command by its name, with result and time", async () => {
    const driver = test.driver();
    await driver.executeLambda((txn) => txn.execute("CREATE TABLE T"));
    expect(requests.every(({ durationMs }) => durationMs > 0)).toBe(true);
    expect(takeResults()).toEqual([
      "StartSession ok",
      "StartTransaction ok",
      "ExecuteStatement ok",
      "CommitTransaction ok",
    ]);
    await test.controlClient().send(new GetDigestCommand({ Name: testLedgerName }));
    await expect(driver.executeLambda((txn) => txn.execute("SELECT * FROM Nothing"))).rejects.toMatchObject({
      name: "BadRequestException",
    });
    expect(takeResults()).toEqual([
      "GetDigest ok",
      "StartTransaction ok",
      "ExecuteStatement BadRequestException PARTIQL_UNKNOWN_TABLE",
      "AbortTransaction ok",
    ]);
  });

  it("is told of conflicts, of pages, and of what is no operation", async () => {
    const driver = test.driver();
    await driver.executeLambda((txn) => txn.execute("CREATE TABLE T"));
    await driver.executeLambda((txn) => txn.execute("INSERT INTO T {'n': 0}"));
    takeResults();
    let isFirst = true;
    await driver.executeLambda(async (txn) => {
      await txn.execute("UPDATE T SET n = n + 1");
      if (!isFirst) return;
      isFirst = false;
      await driver.executeLambda((other) => other.execute("UPDATE T SET n = n + 1"));
    });
    const results = takeResults();
    expect(results.filter((result) => result.startsWith("Commit"))).toEqual([
      "CommitTransaction ok",
      "CommitTransaction OccConflictException OCC_CONFLICT",
      "CommitTransaction ok",
    ]);
    await command({ Dance: {} });
    await command({}, "Other.Target");
    await command({ SessionToken: "none", FetchPage: { TransactionId: "t", NextPageToken: "p" } });
    expect(takeResults()).toEqual([
      "unknown BadRequestException",
      "unknown UnknownOperationException",
      "FetchPage InvalidSessionException",
    ]);
  });

  it("is told of a request whose client is gone", async () => {
    const socket = connect(Number(new URL(test.server.endpoint).port), "127.0.0.1");
    await once(socket, "connect");
    socket.write("POST /ledgers HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{");
    const told = new Promise<void>((resolve) => {
      onNext = resolve;
    });
    socket.end();
    await told;
    expect(takeResults()).toEqual(["unknown ClientGone"]);
  });

  it("is told which ledgers are opened, and of a limit once and not every time", async () => {
    expect(changes.splice(0)).toEqual([{ kind: "ledger-opened", ledger: testLedgerName }]);
    const tokens = [await startSession(), await startSession()];
    expect(changes).toEqual([]);
    const refused = { __type: "LimitExceededException" };
    expect(await command({ StartSession: { LedgerName: testLedgerName } })).toMatchObject(refused);
    expect(await command({ StartSession: { LedgerName: testLedgerName } })).toMatchObject(refused);
    expect(changes).toEqual([{ kind: "limit-reached", limit: "activeSessionsMax", max: 2 }]);
    expect((await test.server.measure()).ledgers).toEqual([
      {
        name: testLedgerName,
        blocks: 0,
        sessions: 2,
        transactions: 0,
        contendingTransactions: 0,
        waitingCommits: 0,
      },
    ]);
    await command({ SessionToken: tokens[0], StartTransaction: {} });
    await command({ SessionToken: tokens[1], EndSession: {} });
    expect((await test.server.measure()).ledgers).toMatchObject([{ sessions: 1, transactions: 1 }]);
  });
});

describeWhen(databaseAvailability(), describe)("The observers of two servers on one database", () => {
  it("are both told of a request that is passed on, and which of them did so", async () => {
    const postgres = await openTestPostgres();
    const postgresUrl = await postgres.makeDatabase();
    const told: string[] = [];
    const observer = (name: string): ServerObserver => ({
      onRequest: ({ operation, isForwarded }) => {
        told.push(`${name} ${operation} ${isForwarded ? "forwarded" : "answered"}`);
      },
    });
    const owner = await openTestServer({ postgresUrl, observer: observer("owner") });
    const other = await openLedgerServer({ postgresUrl, observer: observer("other") });
    const send = async (
      endpoint: string,
      body: object,
    ): Promise<Record<string, { SessionToken: string }>> => {
      const headers = {
        "x-amz-target": "QLDBSession.SendCommand",
        "content-type": "application/x-amz-json-1.0",
      };
      const response = await fetch(endpoint, { method: "POST", headers, body: JSON.stringify(body) });
      return (await response.json()) as Record<string, { SessionToken: string }>;
    };
    const started = await send(owner.server.endpoint, { StartSession: { LedgerName: testLedgerName } });
    const SessionToken = started["StartSession"]?.SessionToken;
    await send(other.endpoint, { SessionToken, StartTransaction: {} });
    expect(told).toEqual([
      "owner StartSession answered",
      "owner StartTransaction answered",
      "other StartTransaction forwarded",
    ]);
    await owner.driver().executeLambda((txn) => txn.execute("CREATE TABLE T"));
    const { ledgers, idleLedgers } = await other.measure();
    expect([ledgers, idleLedgers]).toEqual([[], { ledgerCount: 1, blocks: new Map([[testLedgerName, 1]]) }]);
    await other.close();
    await owner.close();
    await postgres.close();
  });
});
