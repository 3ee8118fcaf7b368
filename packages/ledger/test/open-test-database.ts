// SPDX-License-Identifier: MIT
import { postgresAvailability, startPostgres, type Availability } from "@ledger-loader/testkit";
import { Client } from "pg";
import { newUniqueId } from "../src/unique-id";

/** A PostgreSQL server for the databases of a test file. */
export interface TestPostgres {
  /** Makes an empty database and returns its URL. */
  makeDatabase(): Promise<string>;
  /** Runs statements as the server's first user. */
  run(url: string, statement: string): Promise<unknown[]>;
  close(): Promise<void>;
}

/** A server that somebody has given us; the databases that tests make on it stay. */
const GIVEN_URL = process.env["LEDGER_LOADER_POSTGRES_URL"];

/** Tells if there is a PostgreSQL server: that of LEDGER_LOADER_POSTGRES_URL, or one that can be started here. */
export function databaseAvailability(): Availability {
  return GIVEN_URL === undefined ? postgresAvailability() : { available: true, folder: "" };
}

export async function openTestPostgres(): Promise<TestPostgres> {
  const server = GIVEN_URL === undefined ? await startPostgres({ isDurable: false }) : undefined;
  const url = server?.url ?? GIVEN_URL ?? "";
  return {
    makeDatabase: () => makeDatabase(url),
    run: runStatement,
    close: async () => {
      await server?.close();
    },
  };
}

/** Makes an empty database on a server and returns its URL. */
export async function makeDatabase(serverUrl: string): Promise<string> {
  const name = `test_${newUniqueId().toLowerCase()}`;
  await runStatement(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = name;
  return url.href;
}

/** Runs statements over a connection of their own. */
export async function runStatement(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}
