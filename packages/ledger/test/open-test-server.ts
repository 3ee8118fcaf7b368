// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { QLDBClient, type QLDBClientConfig } from "@aws-sdk/client-qldb";
import { QldbDriver, RetryConfig } from "amazon-qldb-driver-nodejs";
import { type LedgerServer, type LedgerServerOptions, openLedgerServer } from "../src/index";

const testCredentials: TestCredentials = { accessKeyId: "test", secretAccessKey: "test" };

/** How the official driver is constructed. */
export interface TestDriverOptions {
  readonly sessionsMax?: number;
  readonly retriesMax?: number;
  readonly credentials?: TestCredentials;
}

export interface TestCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A server on a free port with a data folder of its own, and clients of it; all of it is gone after `close`. */
export interface TestServer {
  readonly server: LedgerServer;
  readonly dataFolder: string;
  /** The official driver, connected to a ledger. */
  driver(ledgerName?: string, options?: TestDriverOptions): QldbDriver;
  /** The SDK's client of the control plane. */
  controlClient(config?: QLDBClientConfig): QLDBClient;
  /** Closes the server and opens another one on the same folder and port. */
  restart(options?: Partial<LedgerServerOptions>): Promise<void>;
  close(): Promise<void>;
}

/** The ledger that every test server has from the start. */
export const testLedgerName = "vehicle-registration";

export async function openTestServer(options: Partial<LedgerServerOptions> = {}): Promise<TestServer> {
  const dataFolder = await mkdtemp(join(tmpdir(), "ledger-server-"));
  // A server whose ledgers are in a database keeps nothing in a folder.
  const place = options.postgresUrl === undefined ? { dataFolder } : {};
  let server = await openLedgerServer({ ...place, onDefect: failLoudly, ...options });
  // A test may have seen that the server refuses to start again.
  let isOpen = true;
  await server.store.createLedger(testLedgerName, { deletionProtection: false });
  const agents: Agent[] = [];
  const drivers: QldbDriver[] = [];
  const clients: QLDBClient[] = [];
  return {
    get server() {
      return server;
    },
    dataFolder,
    driver(ledgerName = testLedgerName, driverOptions = {}) {
      const httpAgent = new Agent({ keepAlive: true, maxSockets: driverOptions.sessionsMax ?? 10 });
      const driver = connect(server.endpoint, ledgerName, httpAgent, driverOptions);
      agents.push(httpAgent);
      drivers.push(driver);
      return driver;
    },
    controlClient(config = {}) {
      const client = new QLDBClient({
        region: "us-east-1",
        endpoint: server.endpoint,
        credentials: testCredentials,
        maxAttempts: 1,
        ...config,
      });
      clients.push(client);
      return client;
    },
    async restart(changed = {}) {
      const port = Number(new URL(server.endpoint).port);
      if (isOpen) await server.close();
      isOpen = false;
      server = await openLedgerServer({ ...place, port, ...options, ...changed });
      isOpen = true;
    },
    async close() {
      for (const driver of drivers) driver.close();
      for (const client of clients) client.destroy();
      if (isOpen) await server.close();
      for (const agent of agents) agent.destroy();
      await rm(dataFolder, { recursive: true });
    },
  };
}

/** The official driver, as anybody would construct it but for the endpoint. */
export function connect(
  endpoint: string,
  ledgerName: string,
  httpAgent: Agent,
  { sessionsMax = 10, retriesMax = 4, credentials = testCredentials }: TestDriverOptions = {},
): QldbDriver {
  const config = { region: "us-east-1", endpoint, credentials };
  const retries = new RetryConfig(retriesMax, () => 1);
  return new QldbDriver(ledgerName, config, { httpAgent }, sessionsMax, retries);
}

/** A defect must not hide behind a client's retries. */
function failLoudly(error: unknown): void {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`A request failed because of the server: ${what}\n`);
}
