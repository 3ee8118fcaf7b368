// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { describeWhen, postgresAvailability } from "@ledger-loader/testkit";
import { startKillableServer, type KillableServer } from "../../../test/crash/killable-server";
import { usePostgresServers } from "../../../test/crash/postgres-servers";
import { makeDatabase } from "../../../test/open-test-database";
import { startRoundRobinProxy, type RoundRobinProxy } from "../../../test/round-robin-proxy";
import { type Clients, inspectClients, makeSharedLedger, startClients } from "../../../test/several-clients";

describeWhen(postgresAvailability(), describe)("Servers on one PostgreSQL database", () => {
  const running = usePostgresServers();
  let postgresUrl: string;
  let servers: KillableServer[];
  let proxy: RoundRobinProxy;
  let load: Clients;

  beforeEach(async () => {
    postgresUrl = await makeDatabase(running().postgres.url);
    await makeSharedLedger(postgresUrl);
    servers = await Promise.all([1, 2].map(() => startKillableServer(running().program, postgresUrl)));
    proxy = await startRoundRobinProxy(servers.map(({ endpoint }) => endpoint));
  });
  afterEach(async () => {
    // After a failure, clients would go on for ever.
    load.abandon();
    await proxy.close();
    await Promise.all(servers.map((server) => server.dispose()));
  });

  it("answer every client, lose nothing, and do not fork when one of them is killed", async () => {
    load = startClients(proxy.endpoint);
    await load.progress(3);
    await servers[0]?.kill();
    await load.progress(3);
    const journals = await load.stop();
    await inspectClients(postgresUrl, journals);
    expect(journals.every(({ acknowledged }) => acknowledged.length >= 6)).toBe(true);
  });

  it("go on after a restart of PostgreSQL, and keep every commit that was acknowledged", async () => {
    load = startClients(proxy.endpoint);
    await load.progress(3);
    await running().postgres.restart();
    await load.progress(3);
    await inspectClients(postgresUrl, await load.stop());
  });
});
