// SPDX-License-Identifier: MIT
import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { serviceFolder, TestServiceError } from "./guarded-process";
import type { Availability } from "./peer-availability";
import { launchPostgres, unprivilegedUser, type User } from "./postgres-process";

const MAJOR_MIN = 15;
const USER = "ledger";
const PASSWORD = "S3cret-of-the-tests";
/** Where Debian's packages put each major version. */
const DEBIAN = "/usr/lib/postgresql";

/** A PostgreSQL server of a test. */
export interface PostgresServer {
  /** `postgres://USER:PASSWORD@127.0.0.1:PORT/postgres`; the user may do everything. */
  readonly url: string;
  /** The password in the URL. It must not appear in any output. */
  readonly password: string;
  /** Kills the server, as a power cut would, and starts it again on the same data and port. */
  restart(): Promise<void>;
  /** Ends the server and removes its data. */
  close(): Promise<void>;
}

/** How a PostgreSQL server of a test is run. */
export interface PostgresOptions {
  /**
   * True if commits wait for the disk. Without, tests that do not restart the server end sooner.
   *
   * @defaultValue `true`
   */
  readonly isDurable?: boolean;
}

/**
 * Tells whether a PostgreSQL server can be started here: from Debian's package `postgresql`, or any `postgres` on the PATH.
 *
 * `LEDGER_LOADER_PEERS=none`, or a list without `postgres`, says no. With `LEDGER_LOADER_REQUIRE_PEERS=1` it throws instead.
 *
 * @throws TestServiceError if the server is required and not available
 */
export function postgresAvailability(): Availability {
  const availability = lookUp();
  if (!availability.available && process.env["LEDGER_LOADER_REQUIRE_PEERS"] === "1") {
    throw new TestServiceError(
      `Expected postgres, which LEDGER_LOADER_REQUIRE_PEERS asks for: ${availability.reason}`,
    );
  }
  return availability;
}

function lookUp(): Availability {
  const allowed = process.env["LEDGER_LOADER_PEERS"]?.split(",");
  if (allowed !== undefined && !allowed.includes("postgres")) {
    return { available: false, reason: "LEDGER_LOADER_PEERS leaves postgres out" };
  }
  const folder = [...debianFolders(), ...(process.env["PATH"] ?? "").split(path.delimiter)].find(
    (candidate) => ["postgres", "initdb"].every((program) => existsSync(path.join(candidate, program))),
  );
  if (folder !== undefined) return { available: true, folder };
  const reason = `PostgreSQL ${MAJOR_MIN} or newer is not here: install Debian's package postgresql, or put it on the PATH`;
  return { available: false, reason };
}

/** The newest version first. */
function debianFolders(): string[] {
  if (!existsSync(DEBIAN)) return [];
  const majors = readdirSync(DEBIAN)
    .map(Number)
    .filter((major) => major >= MAJOR_MIN);
  return majors.sort((a, b) => b - a).map((major) => path.join(DEBIAN, String(major), "bin"));
}

/**
 * Starts a PostgreSQL server with data of its own on a free port of the loopback interface.
 *
 * PostgreSQL refuses to run as root: then it runs as `postgres` or `nobody`.
 *
 * @throws TestServiceError if {@link postgresAvailability} says no, or the server does not start
 */
export async function startPostgres({ isDurable = true }: PostgresOptions = {}): Promise<PostgresServer> {
  const availability = postgresAvailability();
  if (!availability.available) throw new TestServiceError(`Expected PostgreSQL: ${availability.reason}`);
  const bin = availability.folder;
  const folder = serviceFolder("postgres");
  const owner = unprivilegedUser();
  initialize(bin, folder, owner);
  const server = await launchPostgres({ bin, folder, owner, settings: isDurable ? [] : ["fsync=off"] });
  return {
    url: `postgres://${USER}:${PASSWORD}@127.0.0.1:${server.port}/postgres`,
    password: PASSWORD,
    restart: () => server.restart(),
    close: () => server.close(),
  };
}

function initialize(bin: string, folder: string, owner: User | undefined): void {
  const passwordFile = path.join(folder, "password");
  writeFileSync(passwordFile, PASSWORD);
  const data = path.join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  if (owner !== undefined) {
    for (const file of [folder, data, passwordFile]) chownSync(file, owner.uid, owner.gid);
  }
  const args = ["-D", data, "-U", USER, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
  const options = ["--encoding=UTF8", "--locale=C", "--no-sync"];
  const made = spawnSync(path.join(bin, "initdb"), [...args, ...options], {
    cwd: folder,
    encoding: "utf8",
    ...owner,
  });
  if (made.status === 0) return;
  throw new TestServiceError(`Expected initdb to make a PostgreSQL cluster, found: ${made.stderr}`);
}
