// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { describeWhen } from "@ledger-loader/testkit";
import { databaseAvailability, openTestPostgres, type TestPostgres } from "../../../test/open-test-database";
import { newUniqueId } from "../../unique-id";
import { type LedgerServer, openLedgerServer } from "../ledger-server";

/** The act of the server that opened the session, once it has the request. */
type Loss = "cuts" | "cuts its answer" | "is silent" | "is not there";

describeWhen(databaseAvailability(), describe)("A request for a session of a server that is lost", () => {
  let postgres: TestPostgres;
  let database: string;
  let server: LedgerServer;
  let lost: Record<Loss, Server>;
  const addresses = new Map<Loss, string>();

  beforeAll(async () => {
    postgres = await openTestPostgres();
    database = await postgres.makeDatabase();
    server = await openLedgerServer({ postgresUrl: database });
    lost = {
      cuts: await listen((socket) => socket.destroy()),
      "cuts its answer": await listen((socket) => {
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{", () => socket.destroy());
      }),
      "is silent": await listen(() => undefined),
      "is not there": await listen(() => undefined),
    };
    for (const [loss, one] of Object.entries(lost)) {
      const { port } = one.address() as AddressInfo;
      addresses.set(loss as Loss, `http://127.0.0.1:${port}`);
    }
    lost["is not there"].close();
  });
  afterAll(async () => {
    await server.close();
    for (const one of Object.values(lost)) one.close();
    await postgres.close();
  });

  /** Makes a lost server known, with a sign of life from some seconds ago, and returns a session that it has opened. */
  async function sessionOf(loss: Loss, secondsAgo = 0): Promise<string> {
    const serverId = newUniqueId();
    await postgres.run(
      database,
      `INSERT INTO ledger_loader.servers (server_id, address, seen_at)
       VALUES ('${serverId}', '${addresses.get(loss) ?? ""}', now() - interval '${secondsAgo} seconds')`,
    );
    return `${serverId}${"A".repeat(44)}`;
  }

  /** The name of the error that the client gets, or that its connection is cut. */
  async function send(SessionToken: string, command: object): Promise<string | null> {
    const headers = {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "QLDBSession.SendCommand",
    };
    const body = JSON.stringify({ SessionToken, ...command });
    return fetch(server.endpoint, { method: "POST", headers, body }).then(
      (response) => response.headers.get("x-amzn-errortype"),
      () => "connection cut",
    );
  }

  const start = { StartTransaction: {} };
  const commit = { CommitTransaction: { TransactionId: newUniqueId(), CommitDigest: "" } };

  it("is told that the session is gone, where nothing can have been committed", async () => {
    expect(await send(await sessionOf("cuts"), start)).toBe("InvalidSessionException");
    expect(await send(await sessionOf("cuts its answer"), start)).toBe("InvalidSessionException");
    expect(await send(await sessionOf("is not there"), start)).toBe("InvalidSessionException");
    expect(await send(await sessionOf("is not there"), commit)).toBe("InvalidSessionException");
    expect(await send(await sessionOf("is silent", 11), commit)).toBe("InvalidSessionException");
    expect(await send(`${newUniqueId()}unknown`, commit)).toBe("InvalidSessionException");
  });

  it("is cut off where the transaction may have been committed", async () => {
    expect(await send(await sessionOf("cuts"), commit)).toBe("connection cut");
    expect(await send(await sessionOf("cuts its answer"), commit)).toBe("connection cut");
  });

  it("ends once the server has shown no life for 10 seconds, where it closes no connection", async () => {
    const [started, committed] = await Promise.all([
      send(await sessionOf("is silent", 9), start),
      send(await sessionOf("is silent", 9), commit),
    ]);
    expect([started, committed]).toEqual(["InvalidSessionException", "connection cut"]);
  }, 15_000);
});

describeWhen(databaseAvailability(), describe)(
  "Servers with certificates that they made for themselves",
  () => {
    let postgres: TestPostgres;
    let servers: LedgerServer[];
    const agents: Agent[] = [];

    beforeAll(async () => {
      postgres = await openTestPostgres();
      const postgresUrl = await postgres.makeDatabase();
      servers = [];
      for (const _ of [1, 2]) servers.push(await openLedgerServer({ postgresUrl, tls: "self-signed" }));
      await servers[0]?.store.createLedger("cars");
    });
    afterAll(async () => {
      for (const agent of agents) agent.destroy();
      await Promise.all(servers.map((server) => server.close()));
      await postgres.close();
    });

    /** Sends a command to one of the servers, and trusts no certificate but that server's. */
    async function send(at: number, command: object): Promise<Record<string, Record<string, string>>> {
      const { endpoint = "", selfSignedFile = "" } = servers[at] ?? {};
      const agent = new Agent({ ca: await readFile(selfSignedFile) });
      agents.push(agent);
      const headers = {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "QLDBSession.SendCommand",
      };
      const outgoing = request(endpoint, { method: "POST", headers, agent });
      outgoing.end(JSON.stringify(command));
      const [response] = (await once(outgoing, "response")) as [IncomingMessage];
      return (await json(response)) as Record<string, Record<string, string>>;
    }

    it.each([
      [0, 1],
      [1, 0],
    ])("trust each other: a session of server %d is used at server %d", async (owner, other) => {
      const { StartSession } = await send(owner, { StartSession: { LedgerName: "cars" } });
      const { SessionToken = "" } = StartSession ?? {};
      expect(await send(other, { SessionToken, StartTransaction: {} })).toEqual({
        StartTransaction: expect.objectContaining({
          TransactionId: expect.any(String) as unknown,
        }) as unknown,
      });
    });

    it("keep the certificate where nobody else writes, and remove it when they end", async () => {
      const { selfSignedFile = "" } = servers[1] ?? {};
      const { mode } = await stat(dirname(selfSignedFile));
      expect(mode & 0o777).toBe(0o700);
      await servers.pop()?.close();
      await expect(stat(dirname(selfSignedFile))).rejects.toMatchObject({ code: "ENOENT" });
    });
  },
);

async function listen(onRequest: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      onRequest(socket);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
