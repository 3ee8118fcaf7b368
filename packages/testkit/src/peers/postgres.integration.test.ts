// SPDX-License-Identifier: MIT
import { connect } from "node:net";
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import {
  describeWhen,
  postgresAvailability,
  startPostgres,
  type PostgresServer,
} from "@ledger-loader/testkit";

describeWhen(postgresAvailability(), describe)("a PostgreSQL server of a test", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.close());

  it("listens on loopback, and does so again on the same port after a restart", async () => {
    await reach(server.url);
    await server.restart();
    await reach(server.url);
  });
});

describe("A PostgreSQL server that nobody wants", () => {
  const environment = { ...process.env };
  afterEach(() => {
    process.env = { ...environment };
  });

  it("is not available, and says why", () => {
    process.env["LEDGER_LOADER_PEERS"] = "kafka";
    delete process.env["LEDGER_LOADER_REQUIRE_PEERS"];
    expect(postgresAvailability()).toEqual({
      available: false,
      reason: "LEDGER_LOADER_PEERS leaves postgres out",
    });
    process.env["LEDGER_LOADER_REQUIRE_PEERS"] = "1";
    expect(() => postgresAvailability()).toThrow(expect.objectContaining({ code: "TEST_SERVICE_FAILED" }));
  });
});

async function reach(url: string): Promise<void> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await once(socket, "connect");
  socket.destroy();
}
