// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, it } from "@jest/globals";
import { ListLedgersCommand } from "@aws-sdk/client-qldb";
import { openTestServer, type TestServer } from "../../test/open-test-server";

describe("Connections beyond the limit", () => {
  let test: TestServer;
  const sockets: Socket[] = [];
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await test.close();
  });

  /** Connects and sends nothing. */
  async function occupy(count: number): Promise<void> {
    for (let at = 0; at < count; at++) {
      const socket = connect(Number(new URL(test.server.endpoint).port), "127.0.0.1");
      sockets.push(socket);
      await once(socket, "connect");
    }
  }

  it("are answered with an error on which clients try again, while those before are served", async () => {
    test = await openTestServer({ limits: { connectionsMax: 2 } });
    const served = test.driver(undefined, { sessionsMax: 1 });
    await served.executeLambda((txn) => txn.execute("CREATE TABLE T"));
    await occupy(1);
    await expect(test.controlClient().send(new ListLedgersCommand({}))).rejects.toMatchObject({
      name: "CapacityExceededException",
      $metadata: { httpStatusCode: 503 },
    });
    await served.executeLambda((txn) => txn.execute("INSERT INTO T VALUE {'a': 1}"));
    sockets[0]?.destroy();
    const { Ledgers } = await test.controlClient({ maxAttempts: 10 }).send(new ListLedgersCommand({}));
    expect(Ledgers).toHaveLength(1);
  });

  it("the official driver tries again until there is room", async () => {
    test = await openTestServer({ limits: { connectionsMax: 1 } });
    await occupy(1);
    let attempts = 0;
    const working = test
      .driver(undefined, { retriesMax: 1000 })
      .executeLambda((txn) => txn.execute("SELECT VALUE x FROM <<1>> AS x"));
    while (attempts++ < 3) await setTimeout(10);
    sockets[0]?.destroy();
    expect((await working).getResultList()).toHaveLength(1);
  });

  it("are closed without an answer where they are many, so that the server keeps no more", async () => {
    test = await openTestServer({ limits: { connectionsMax: 2 } });
    await occupy(4);
    await expect(test.controlClient().send(new ListLedgersCommand({}))).rejects.toThrow("socket hang up");
  });
});
