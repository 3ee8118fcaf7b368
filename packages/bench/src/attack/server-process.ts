// SPDX-License-Identifier: MIT
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";

/** The program that users run: the built command line. */
const PROGRAM = join(__dirname, "..", "..", "..", "cli", "dist", "main.js");

const MEBIBYTE_IN_KIBIBYTES = 1024;

/** As in the container image and the systemd unit: without it, glibc keeps most of what the server has freed. */
const ENVIRONMENT = { MALLOC_MMAP_THRESHOLD_: "65536" };

/** A ledger server that runs as a process of its own, and its memory. Memory is read from /proc: Linux only. */
export interface ServerProcess {
  readonly endpoint: string;
  /** The memory that it has now, in MiB. */
  memory(): Promise<number>;
  /** The most memory that it has had since {@link forgetPeak}, in MiB. */
  peakMemory(): Promise<number>;
  forgetPeak(): Promise<void>;
  /** Sends SIGTERM, and waits until it has ended. */
  stop(): Promise<ServerEnd>;
}

/** How a server ended. */
export interface ServerEnd {
  /** How long it took, in milliseconds. */
  readonly ms: number;
  readonly exitCode: number | null;
}

/** Starts `ledger serve` on a free port. @param options - further options of the command */
export async function startServerProcess(
  dataFolder: string,
  options: readonly string[] = [],
): Promise<ServerProcess> {
  const words = ["ledger", "serve", "--data", dataFolder, "--port", "0", ...options];
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...ENVIRONMENT },
  });
  const endpoint = await readEndpoint(child);
  child.stdout.resume();
  const folder = `/proc/${child.pid ?? "self"}`;
  return {
    endpoint,
    memory: () => readMemory(folder, "VmRSS"),
    peakMemory: () => readMemory(folder, "VmHWM"),
    // Linux, proc(5): 5 resets the peak.
    forgetPeak: () => writeFile(`${folder}/clear_refs`, "5"),
    stop: () => stop(child),
  };
}

async function readEndpoint({ stdout }: { readonly stdout: Readable }): Promise<string> {
  // The pipe stays open: a server that prints into a closed one would end.
  for await (const chunk of stdout.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    const endpoint = /http:\/\/[\d.:]+/.exec(chunk.toString())?.[0];
    if (endpoint !== undefined) return endpoint;
  }
  throw new Error(
    "Expected the ledger server to listen, found that it ended: build it, and try `ledger serve`.",
  );
}

async function readMemory(folder: string, name: string): Promise<number> {
  const kibibytes = new RegExp(`${name}:\\s*(\\d+)`).exec(await readFile(`${folder}/status`, "utf8"))?.[1];
  return Math.round(Number(kibibytes) / MEBIBYTE_IN_KIBIBYTES);
}

async function stop(child: ChildProcess): Promise<ServerEnd> {
  const before = performance.now();
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  }
  return { ms: Math.round(performance.now() - before), exitCode: child.exitCode };
}
