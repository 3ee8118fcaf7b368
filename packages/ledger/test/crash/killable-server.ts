// SPDX-License-Identifier: MIT
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";

const packageFolder = join(__dirname, "..", "..");

/**
 * Bundles a server's entry into `folder` and returns the program's path. The libraries of the storages stay outside.
 *
 * @param entry - a file of this package's test folder.
 */
export function bundleServer(folder: string, entry = "crash/server-process.ts"): string {
  const program = join(folder, basename(entry).replace(/\.ts$/, ".cjs"));
  // As a process of its own: inside Jest's sandbox esbuild's library refuses to work.
  execFileSync(require.resolve("esbuild/bin/esbuild"), [
    join(packageFolder, "test", entry),
    "--bundle",
    "--platform=node",
    "--conditions=ws-source",
    "--external:libsql",
    "--external:pg",
    "--log-level=error",
    `--outfile=${program}`,
  ]);
  return program;
}

/** A server in a process of its own. */
export interface KillableServer {
  readonly endpoint: string;
  /** Ends the process as a power cut would, as far as a process can tell. */
  kill(): Promise<void>;
  /** Ends the process if it still runs, as after a test that failed. */
  dispose(): Promise<void>;
}

/** How a server's process is run. */
export interface KillableServerOptions {
  /** Makes every write fail that would let a file grow beyond it, as on a disk that is full. */
  readonly fileKilobytesMax?: number;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A command that runs the server's command, with its arguments. */
  readonly wrapper?: readonly string[];
}

export async function startKillableServer(
  program: string,
  dataFolder: string,
  { fileKilobytesMax, env = {}, wrapper = [] }: KillableServerOptions = {},
): Promise<KillableServer> {
  const limited = `ulimit -f ${fileKilobytesMax ?? "unlimited"}; exec "$0" "$@"`;
  const words = [...wrapper, process.execPath, program, dataFolder];
  const child = spawn("bash", ["-c", limited, ...words], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_PATH: join(packageFolder, "node_modules"), ...env },
  });
  const { pid, endpoint } = await readStart(child);
  return { endpoint, kill: () => kill(child, pid), dispose: () => dispose(child, pid) };
}

/** The lines that the server prints when it has started. With a wrapper its process is not the child. */
async function readStart(child: ChildProcess): Promise<{ readonly pid: number; readonly endpoint: string }> {
  if (child.stdout === null) throw new Error("Expected the server's output, found none.");
  for await (const line of createInterface({ input: child.stdout })) {
    return JSON.parse(line) as { readonly pid: number; readonly endpoint: string };
  }
  throw new Error("Expected the server to print its endpoint, found that it ended.");
}

async function dispose(child: ChildProcess, pid: number): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await kill(child, pid);
}

async function kill(child: ChildProcess, pid: number): Promise<void> {
  if (child.exitCode !== null) throw new Error("Expected a running server to kill, found that it had ended.");
  const exited = once(child, "exit");
  process.kill(pid, "SIGKILL");
  await exited;
}
