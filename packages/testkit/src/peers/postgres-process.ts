// SPDX-License-Identifier: MIT
import { spawnSync } from "node:child_process";
import path from "node:path";
import { freePorts } from "./free-port";
import { type GuardedProcess, startGuardedProcess, TestServiceError } from "./guarded-process";

/** Whom PostgreSQL runs as: it refuses to run as root. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** `postgres` or `nobody` for root; `undefined` for anybody else. */
export function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new TestServiceError("Expected a user postgres or nobody to run PostgreSQL as, found neither.");
}

/** The program stays the process that was started: `setpriv` replaces itself. */
function asUser(owner: User | undefined): string[] {
  if (owner === undefined) return [];
  return ["setpriv", `--reuid=${owner.uid}`, `--regid=${owner.gid}`, "--clear-groups", "--"];
}

/** A PostgreSQL server to start on data that is there. */
export interface PostgresProcessOptions {
  /** The folder of the programs. */
  readonly bin: string;
  /** Holds the data as `data`. */
  readonly folder: string;
  readonly owner: User | undefined;
  /** Settings as `name=value`. */
  readonly settings: readonly string[];
}

/** Starts a PostgreSQL server on a free port of the loopback interface. */
export async function launchPostgres({
  bin,
  folder,
  owner,
  settings,
}: PostgresProcessOptions): Promise<GuardedProcess & { readonly port: number }> {
  const [port = 0] = await freePorts(1);
  const all = [
    "listen_addresses=127.0.0.1",
    `unix_socket_directories=${folder}`,
    "max_connections=200",
    ...settings,
  ];
  const command = [
    path.join(bin, "postgres"),
    "-D",
    path.join(folder, "data"),
    "-p",
    String(port),
    ...all.flatMap((setting) => ["-c", setting]),
  ];
  const server = await startGuardedProcess({
    name: "PostgreSQL",
    command: "sh",
    // After a kill, what is left of the old server needs a moment to end; a new one would refuse to start beside it.
    args: [
      "-c",
      'if [ -f data/postmaster.pid ]; then sleep 1; fi; exec "$@"',
      "sh",
      ...asUser(owner),
      ...command,
    ],
    folder,
    isReady: () => {
      const asked = spawnSync(path.join(bin, "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", String(port)]);
      return Promise.resolve(asked.status === 0);
    },
  });
  return {
    port,
    get pid() {
      return server.pid;
    },
    restart: () => server.restart(),
    close: () => server.close(),
  };
}
