// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { CommitDigest, statementDigest } from "@ledger-loader/journal";
import { encodeIon, formatHash } from "@ledger-loader/ion";
import { ion } from "../../test/open-test-store";
import { openTestServer, testLedgerName, type TestServer } from "../../test/open-test-server";
import { qldbLimits } from "../limits";

interface Reply {
  readonly status: number;
  readonly error: string | null;
  readonly body: Record<string, Record<string, unknown>> & { __type?: string; Message?: string };
}

describe("The session API", () => {
  let test: TestServer;
  beforeEach(async () => {
    test = await openTestServer();
  });
  afterEach(() => test.close());

  const post = async (body: string | Buffer, headers: Record<string, string> = {}): Promise<Reply> => {
    const response = await fetch(test.server.endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "QLDBSession.SendCommand",
        ...headers,
      },
      body: typeof body === "string" ? body : Uint8Array.from(body),
    });
    return {
      status: response.status,
      error: response.headers.get("x-amzn-errortype"),
      body: (await response.json()) as Reply["body"],
    };
  };
  const send = (command: unknown): Promise<Reply> => post(JSON.stringify(command));
  const startSession = async (): Promise<string> => {
    const { body } = await send({ StartSession: { LedgerName: testLedgerName } });
    return body["StartSession"]?.["SessionToken"] as string;
  };
  const startTransaction = async (SessionToken: string): Promise<string> => {
    const { body } = await send({ SessionToken, StartTransaction: {} });
    return body["StartTransaction"]?.["TransactionId"] as string;
  };
  const open = async (): Promise<{ SessionToken: string; TransactionId: string }> => {
    const SessionToken = await startSession();
    return { SessionToken, TransactionId: await startTransaction(SessionToken) };
  };
  const base64 = (text: string): string => Buffer.from(encodeIon(ion(text))).toString("base64");

  it("answers each command under its own name, with timing and consumption", async () => {
    const { SessionToken, TransactionId } = await open();
    const Statement = "CREATE TABLE T";
    const executed = await send({ SessionToken, ExecuteStatement: { TransactionId, Statement } });
    expect(executed.status).toBe(200);
    expect(executed.body["ExecuteStatement"]).toEqual({
      FirstPage: { Values: [{ IonBinary: expect.any(String) as unknown }] },
      ConsumedIOs: { ReadIOs: 0, WriteIOs: 0 },
      TimingInformation: { ProcessingTimeMilliseconds: expect.any(Number) as unknown },
    });
    const digest = new CommitDigest(TransactionId);
    digest.add(statementDigest(Statement));
    const CommitDigest_ = formatHash(digest.hash);
    const committed = await send({
      SessionToken,
      CommitTransaction: { TransactionId, CommitDigest: CommitDigest_ },
    });
    expect(committed.body["CommitTransaction"]).toMatchObject({ TransactionId, CommitDigest: CommitDigest_ });
    const timing = { TimingInformation: { ProcessingTimeMilliseconds: expect.any(Number) as unknown } };
    expect((await send({ SessionToken, EndSession: {} })).body).toMatchObject({ EndSession: timing });
    expect((await send({ SessionToken, StartTransaction: {} })).error).toBe("InvalidSessionException");
  });

  it("takes parameters as Ion text and as Ion binary", async () => {
    const { SessionToken, TransactionId } = await open();
    const select = (Parameters: unknown): Promise<Reply> =>
      send({
        SessionToken,
        ExecuteStatement: { TransactionId, Statement: "SELECT VALUE x FROM ? AS x", Parameters },
      });
    const binary = await select([{ IonBinary: base64("[1]") }]);
    const text = await select([{ IonText: "[1]" }]);
    expect(text.body["ExecuteStatement"]?.["FirstPage"]).toEqual(
      binary.body["ExecuteStatement"]?.["FirstPage"],
    );
  });

  it("aborts whatever became of the transaction", async () => {
    const SessionToken = await startSession();
    const abort = (): Promise<Reply> => send({ SessionToken, AbortTransaction: {} });
    expect((await abort()).status).toBe(200);
    const TransactionId = await startTransaction(SessionToken);
    const failed = await send({ SessionToken, ExecuteStatement: { TransactionId, Statement: "SELEKT" } });
    expect([failed.status, failed.error, failed.body.__type]).toEqual([
      400,
      "BadRequestException",
      "BadRequestException",
    ]);
    expect((await abort()).status).toBe(200);
    expect((await abort()).status).toBe(200);
    expect(await startTransaction(SessionToken)).toMatch(/^[0-9A-Za-z]{22}$/);
  });

  it("has one transaction per session", async () => {
    const { SessionToken, TransactionId } = await open();
    expect((await send({ SessionToken, StartTransaction: {} })).body.Message).toBe(
      "Transaction already open",
    );
    await send({ SessionToken, AbortTransaction: {} });
    const Statement = "SELECT * FROM << 1 >>";
    const late = await send({ SessionToken, ExecuteStatement: { TransactionId, Statement } });
    expect([late.error, late.body.Message]).toEqual(["BadRequestException", "No open transaction"]);
  });

  it("serves commands of one session one after the other, though they arrive at once", async () => {
    const { SessionToken, TransactionId } = await open();
    const Statement = "SELECT * FROM << 1, 2, 3 >>";
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => send({ SessionToken, ExecuteStatement: { TransactionId, Statement } })),
    );
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });

  it("tells an expired transaction from a dead session", async () => {
    let aheadMs = 0;
    await test.restart({ clock: () => Date.now() + aheadMs });
    const { SessionToken, TransactionId } = await open();
    aheadMs = qldbLimits.transactionLifetimeMs;
    for (let i = 0; i < 2; i++) {
      const { error, body } = await send({
        SessionToken,
        CommitTransaction: { TransactionId, CommitDigest: formatHash(new Uint8Array(32)) },
      });
      expect([error, body.Message]).toEqual([
        "InvalidSessionException",
        `Transaction ${TransactionId} has expired`,
      ]);
    }
    expect((await send({ SessionToken, AbortTransaction: {} })).status).toBe(200);
    const dead = await send({ SessionToken: "nothing", StartTransaction: {} });
    expect([dead.error, dead.body.Message]).toEqual(["InvalidSessionException", "No such session"]);
  });

  it("closes the transaction after a conflict", async () => {
    const first = await open();
    const second = await open();
    const create = async ({ SessionToken, TransactionId }: typeof first): Promise<Reply> => {
      const Statement = "CREATE TABLE T";
      await send({ SessionToken, ExecuteStatement: { TransactionId, Statement } });
      const digest = new CommitDigest(TransactionId);
      digest.add(statementDigest(Statement));
      return send({
        SessionToken,
        CommitTransaction: { TransactionId, CommitDigest: formatHash(digest.hash) },
      });
    };
    expect((await create(first)).status).toBe(200);
    const conflict = await create(second);
    expect([conflict.status, conflict.error]).toEqual([400, "OccConflictException"]);
    expect(conflict.body.Message).toMatch(/^Optimistic concurrency control \(OCC\) failure/);
    expect(await startTransaction(second.SessionToken)).toMatch(/^[0-9A-Za-z]{22}$/);
  });

  it("refuses a commit whose digest does not cover what was executed", async () => {
    const { SessionToken, TransactionId } = await open();
    const CommitDigest_ = formatHash(new Uint8Array(32));
    const refused = await send({
      SessionToken,
      CommitTransaction: { TransactionId, CommitDigest: CommitDigest_ },
    });
    expect([refused.status, refused.error]).toEqual([400, "BadRequestException"]);
  });

  it("limits the number of sessions", async () => {
    await test.restart({ limits: { activeSessionsMax: 2 } });
    await startSession();
    const token = await startSession();
    const refused = await send({ StartSession: { LedgerName: testLedgerName } });
    expect([refused.status, refused.error]).toEqual([400, "LimitExceededException"]);
    await send({ SessionToken: token, EndSession: {} });
    expect(await startSession()).toEqual(expect.any(String));
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "[1]"],
    ["nothing", ""],
    ["no command", "{}"],
    ["two commands", '{"StartSession":{"LedgerName":"a"},"EndSession":{}}'],
    ["an unknown command", '{"SessionToken":"a","constructor":{}}'],
    ["a command that is no object", '{"StartSession":5}'],
    ["no session token", '{"StartTransaction":{}}'],
    ["a name that is no string", '{"StartSession":{"LedgerName":null}}'],
    ["a name out of the folder", '{"StartSession":{"LedgerName":"../../etc/passwd"}}'],
  ])("is not disturbed by %s", async (_what, body) => {
    const { status, error } = await post(body);
    expect([status, error]).toEqual([400, "BadRequestException"]);
    expect(await startSession()).toEqual(expect.any(String));
  });

  it.each([
    ["no Ion", { IonBinary: Buffer.from("nonsense").toString("base64") }],
    ["cut Ion", { IonBinary: base64("{a: 'text'}").slice(0, 12) }],
    ["no base64", { IonBinary: "%%%" }],
    ["two values", { IonText: "1 2" }],
    ["text that is no Ion", { IonText: "{" }],
    ["nothing", {}],
    ["a number", 5],
    ["more than a parameter may hold", { IonText: JSON.stringify("x".repeat(129 * 1024)) }],
  ])("refuses a parameter that is %s", async (_what, parameter) => {
    const { SessionToken, TransactionId } = await open();
    const Statement = "SELECT VALUE x FROM << 1 >> AS x WHERE x = ?";
    const { status, error } = await send({
      SessionToken,
      ExecuteStatement: { TransactionId, Statement, Parameters: [parameter] },
    });
    expect([status, error]).toEqual([400, "BadRequestException"]);
  });

  it("refuses a request that is too large, and what is not of QLDB", async () => {
    await test.restart({ limits: { requestBytesMax: 1000 } });
    expect((await post("x".repeat(2000))).error).toBe("BadRequestException");
    expect((await post("{}", { "x-amz-target": "DynamoDB_20120810.GetItem" })).error).toBe(
      "UnknownOperationException",
    );
    for (const path of ["/", "/ledger", "/ledgers/a/b/c/d", "/ledgers/%zz"]) {
      const response = await fetch(test.server.endpoint + path);
      expect([400, 404]).toContain(response.status);
    }
  });

  it("asks who the sender is before it does anything", async () => {
    await test.restart({
      authenticate: () => Promise.reject(new Error("not told")),
      onDefect: () => undefined,
    });
    const { status, body } = await send({ StartSession: { LedgerName: testLedgerName } });
    expect([status, body.Message]).toEqual([500, "The ledger failed; see the log of the server."]);
  });
});
