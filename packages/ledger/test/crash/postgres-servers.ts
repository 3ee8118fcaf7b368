// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "@jest/globals";
import { startPostgres, type PostgresServer } from "@ledger-loader/testkit";
import { bundleServer } from "./killable-server";

/** The servers that the tests of one `describe` kill; there before its first test. */
export interface PostgresServers {
  readonly postgres: PostgresServer;
  /** The file of the ledger server's program. */
  readonly program: string;
}

/** Bundles the ledger server and starts PostgreSQL before all tests of a `describe`, and stops it after them. */
export function usePostgresServers(): () => PostgresServers {
  let folder: string;
  let servers: PostgresServers | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ledger-postgres-servers-"));
    servers = { program: bundleServer(folder), postgres: await startPostgres() };
  });
  afterAll(async () => {
    await servers?.postgres.close();
    await rm(folder, { recursive: true });
  });
  return () => servers!;
}
