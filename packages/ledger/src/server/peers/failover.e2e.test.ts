// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  describeWhen,
  postgresAvailability,
  type PostgresServer,
  type PostgresStandby,
  startPostgres,
  startPostgresStandby,
  startSwitchedRelay,
  type SwitchedRelay,
} from "@ledger-loader/testkit";
import { bundleServer, type KillableServer, startKillableServer } from "../../../test/crash/killable-server";
import { type Clients, inspectClients, makeSharedLedger, startClients } from "../../../test/several-clients";

describeWhen(postgresAvailability(), describe)("A server whose primary database is killed", () => {
  let folder: string;
  let primary: PostgresServer;
  let standby: PostgresStandby;
  let relay: SwitchedRelay;
  let server: KillableServer;
  let clients: Clients | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ledger-failover-"));
    primary = await startPostgres();
    relay = await startSwitchedRelay(primary.url);
    await makeSharedLedger(relay.url);
    standby = await startPostgresStandby(primary);
    server = await startKillableServer(bundleServer(folder), relay.url);
  });
  afterAll(async () => {
    clients?.abandon();
    await server.dispose();
    await relay.close();
    await Promise.all([primary.close(), standby.close()]);
    await rm(folder, { recursive: true });
  });

  it("goes on with the promoted standby, and loses no acknowledged commit", async () => {
    clients = startClients(server.endpoint);
    await clients.progress(3);
    await primary.close();
    standby.promote();
    relay.switchTo(standby.url);
    await clients.progress(3);
    const journals = await clients.stop();
    await inspectClients(standby.url, journals);
    expect(journals.every(({ acknowledged }) => acknowledged.length >= 6)).toBe(true);
  });
});
