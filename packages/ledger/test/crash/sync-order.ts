// SPDX-License-Identifier: MIT
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Readiness } from "@ledger-loader/testkit";

/** The order of what a server wrote, synced and sent. */
export interface SyncOrder {
  /** Syncs of each file, by how its path ends. */
  readonly syncs: ReadonlyMap<string, number>;
  /** How often the server sent something to a client. */
  readonly sent: number;
  /** Sends while a file had bytes that were not synced, as strace wrote them. */
  readonly early: readonly string[];
}

const TRACED = "pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync";
/** `PID call(FD<PATH>, …) = RESULT`, or the first part of it. */
const CALL = /^(?<pid>\d+) +(?<call>\w+)\(\d+<(?<target>[^>]*)>(?<rest>.*)$/;
const RESUMED = /^(?<pid>\d+) +<\.\.\. (?<call>\w+) resumed>(?<rest>.*)$/;

/** Whether strace can follow a process here. */
export function traceReadiness(): Readiness {
  const available = spawnSync("strace", ["-o", "/dev/null", "true"]).status === 0;
  return available
    ? { available }
    : { available, reason: "strace is needed, and the right to follow a process" };
}

/** The command that writes the calls of the command behind it to a file. */
export function traceInto(file: string): string[] {
  return ["strace", "-f", "-yy", "-s", "0", "-e", `trace=${TRACED}`, "-e", "signal=none", "-o", file];
}

/**
 * Reads what strace wrote. A write counts from the beginning of its call, a sync from the end.
 *
 * @param files - how the paths of the files end that have to be synced before anything is sent.
 */
export function readSyncOrder(trace: string, files: readonly string[]): SyncOrder {
  const reader = new TraceReader(files);
  for (const line of readFileSync(trace, "utf8").split("\n")) reader.read(line);
  return reader;
}

class TraceReader implements SyncOrder {
  readonly syncs = new Map<string, number>();
  readonly early: string[] = [];
  sent = 0;
  readonly #files: readonly string[];
  readonly #unsynced = new Set<string>();
  /** The file of the call that a thread has not returned from. */
  readonly #unfinished = new Map<string, string>();

  constructor(files: readonly string[]) {
    this.#files = files;
  }

  read(line: string): void {
    const { pid = "", call = "", target, rest = "" } = (CALL.exec(line) ?? RESUMED.exec(line))?.groups ?? {};
    if (target?.startsWith("TCP") === true) this.#send(line);
    const file = target === undefined ? this.#unfinished.get(pid) : this.#find(target);
    if (file === undefined) return;
    const isUnfinished = rest.endsWith("<unfinished ...>");
    if (isUnfinished) this.#unfinished.set(pid, file);
    else this.#unfinished.delete(pid);
    if (!call.endsWith("sync")) this.#unsynced.add(file);
    else if (!isUnfinished && rest.endsWith("= 0")) this.#sync(file);
  }

  #find(target: string): string | undefined {
    return this.#files.find((file) => target.endsWith(file));
  }

  #sync(file: string): void {
    this.#unsynced.delete(file);
    this.syncs.set(file, (this.syncs.get(file) ?? 0) + 1);
  }

  #send(line: string): void {
    this.sent += 1;
    if (this.#unsynced.size > 0) this.early.push(line);
  }
}
