// SPDX-License-Identifier: MIT
import { spawnSync } from "node:child_process";
import { chownSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { serviceFolder, TestServiceError } from "./guarded-process";
import { postgresAvailability, type PostgresServer } from "./postgres";
import { launchPostgres, unprivilegedUser, type User } from "./postgres-process";

/** A standby of a PostgreSQL server. */
export interface PostgresStandby extends PostgresServer {
  /** Makes the standby the primary, once the old one is gone. */
  promote(): void;
}

/**
 * Starts a synchronous standby: from now on, the primary acknowledges no commit that the standby has not on its disk.
 *
 * Source: https://www.postgresql.org/docs/15/warm-standby.html#SYNCHRONOUS-REPLICATION
 *
 * @throws TestServiceError if a program is missing or fails
 */
export async function startPostgresStandby(primary: PostgresServer): Promise<PostgresStandby> {
  const availability = postgresAvailability();
  if (!availability.available) throw new TestServiceError(`Expected PostgreSQL: ${availability.reason}`);
  const bin = availability.folder;
  const folder = serviceFolder("standby");
  const owner = unprivilegedUser();
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = path.join(folder, "data");
  const run = (program: string, ...args: string[]): string =>
    runProgram(path.join(bin, program), args, owner);
  run("pg_basebackup", "-d", primary.url, "-D", data, "-R", "-X", "stream", "--checkpoint=fast", "--no-sync");
  const server = await launchPostgres({ bin, folder, owner, settings: [] });
  const ask = (sql: string): string => run("psql", primary.url, "-Atqc", sql);
  await until(() => ask("SELECT state FROM pg_stat_replication") === "streaming");
  ask("ALTER SYSTEM SET synchronous_standby_names = '*'");
  ask("SELECT pg_reload_conf()");
  await until(() => ask("SELECT sync_state FROM pg_stat_replication") === "sync");
  const url = new URL(primary.url);
  url.port = String(server.port);
  return {
    url: url.href,
    password: primary.password,
    restart: () => server.restart(),
    close: () => server.close(),
    promote: () => {
      run("pg_ctl", "promote", "-D", data, "-w");
      // Its copy of the settings tells it to wait for a standby of its own.
      run("psql", url.href, "-Atqc", "ALTER SYSTEM RESET synchronous_standby_names");
      run("psql", url.href, "-Atqc", "SELECT pg_reload_conf()");
    },
  };
}

function runProgram(program: string, args: readonly string[], owner: User | undefined): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", cwd: "/", ...owner });
  if (status === 0) return stdout.trim();
  throw new TestServiceError(`Expected ${path.basename(program)} to succeed, found: ${stderr}`);
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(50);
}
