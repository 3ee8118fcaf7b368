// SPDX-License-Identifier: MIT
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import {
  DriverLedger,
  type DriverLedgerOptions,
  type Ledger,
  parseIdentifier,
  quoteIdentifier,
} from "@ledger-loader/core";
import {
  openLedgerServer,
  type EmbeddedLedger,
  type LedgerLimits,
  type LedgerServer,
} from "@ledger-loader/ledger";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePorts } from "../peers/free-port";

/** How a ledger for a test is started. */
export interface TestLedgerOptions {
  /** Default: `test`. */
  readonly name?: string;
  /** Tables to create, each with an index on each of its fields. */
  readonly tables?: Readonly<Record<string, readonly string[]>>;
  /** Limits other than QLDB's. */
  readonly limits?: Partial<LedgerLimits>;
  /** How its journal streams, into any data stream, reach Kinesis. Default: journal streams are refused. */
  readonly kinesisClient?: () => KinesisClient;
}

/** A real ledger server with one ledger, in a folder of its own that goes when the test ends. */
export interface TestLedger {
  /** The endpoint of drivers and control-plane clients; the same after a restart. */
  readonly endpoint: string;
  readonly name: string;
  /** Opens a connection by the official driver; {@link TestLedger.close} ends it. */
  connect(options?: Partial<DriverLedgerOptions>): Ledger;
  /** Creates a table with an index on each of these fields. */
  createTable(table: string, indexedFields: readonly string[]): Promise<void>;
  /** The ledger behind the server, for its journal, digest and verification. */
  embedded(): Promise<EmbeddedLedger>;
  /** Takes the server away, as an outage does: clients get no answer until {@link TestLedger.restart}. */
  stop(): Promise<void>;
  /** Brings the server back with everything it had acknowledged. */
  restart(): Promise<void>;
  /** Ends all connections and the server, and removes its files. */
  close(): Promise<void>;
}

/** Starts the embedded ledger's server on a free port of the loopback interface. */
export async function startLedger(options: TestLedgerOptions = {}): Promise<TestLedger> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), "ledger-"));
  const name = options.name ?? "test";
  const [port = 0] = await freePorts(1);
  const open = (): Promise<LedgerServer> =>
    openLedgerServer({
      dataFolder,
      port,
      ...(options.limits && { limits: options.limits }),
      ...(options.kinesisClient && { kinesisClient: options.kinesisClient, allowedStreams: ANY_STREAM }),
    });
  let server = await open();
  let isRunning = true;
  const { endpoint } = server;
  const connections: Ledger[] = [];
  const ledger: TestLedger = {
    endpoint,
    name,
    connect: (driverOptions) => {
      const connection = new DriverLedger({ ...CONNECTION, ledgerName: name, endpoint, ...driverOptions });
      connections.push(connection);
      return connection;
    },
    createTable: async (table, fields) => createTable(await ledger.embedded(), table, fields),
    embedded: () => server.store.open(name),
    stop: async () => {
      isRunning = false;
      await server.close();
    },
    restart: async () => {
      server = await open();
      isRunning = true;
    },
    close: async () => {
      await Promise.all(connections.map((connection) => connection.close()));
      // A test that failed during its outage has left the server stopped.
      if (isRunning) await server.close();
      await rm(dataFolder, { recursive: true });
    },
  };
  await server.store.createLedger(name);
  for (const [table, fields] of Object.entries(options.tables ?? {})) await ledger.createTable(table, fields);
  return ledger;
}

const ANY_STREAM = ["arn:aws:kinesis:*:*:stream/*"];

const CONNECTION = {
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
};

async function createTable(
  embedded: EmbeddedLedger,
  table: string,
  fields: readonly string[],
): Promise<void> {
  const quoted = quoteIdentifier(parseIdentifier(table));
  await embedded.transact(async (transaction) => {
    await transaction.execute(`CREATE TABLE ${quoted}`);
  });
  for (const field of fields) {
    await embedded.transact(async (transaction) => {
      await transaction.execute(`CREATE INDEX ON ${quoted} (${quoteIdentifier(parseIdentifier(field))})`);
    });
  }
}
