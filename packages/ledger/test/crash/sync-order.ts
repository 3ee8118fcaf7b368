// SPDX-License-Identifier: MIT
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Readiness } from "@ledger-loader/testkit";

/** The order of what a server wrote, synced and sent. */
export interface SyncOrder {
  /** Syncs of each file, by how its path ends. */
  readonly syncs: ReadonlyMap<string, number>;
  /** How many commits the server acknowledged. */
  readonly acknowledged: number;
  /** Acknowledgements while a file had bytes that were not synced, as strace wrote them. */
  readonly early: readonly string[];
}

const TRACED = "pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync";
/** `PID call(FD<PATH>, …) = RESULT`, or the first part of it. */
const CALL = /^(?<pid>\d+) +(?<call>\w+)\(\d+<(?<target>[^>]*)>(?<rest>.*)$/;
const RESUMED = /^(?<pid>\d+) +<\.\.\. (?<call>\w+) resumed>(?<rest>.*)$/;

/** An answer to a commit names it so. Other answers tell no client that anything is safe. */
const ACKNOWLEDGEMENT = "CommitTransaction";
/** So much of each string is traced that an answer's name is seen. */
const TRACED_BYTES = "600";

/** Tells if strace can follow a process here. */
export function traceReadiness(): Readiness {
  const available = spawnSync("strace", ["-o", "/dev/null", "true"]).status === 0;
  return available
    ? { available }
    : { available, reason: "strace is needed, and the right to follow a process" };
}

/** The command that writes the calls of the command behind it to a file. */
export function traceInto(file: string): string[] {
  const filters = [`trace=${TRACED}`, "abbrev=none", "signal=none"].flatMap((filter) => ["-e", filter]);
  return ["strace", "-f", "-yy", "-s", TRACED_BYTES, ...filters, "-o", file];
}

/**
 * Reads what strace wrote. A write counts from the beginning of its call, a sync from the end.
 *
 * @param files - how the paths of the files end that have to be synced before a commit is acknowledged.
 */
export function readSyncOrder(trace: string, files: readonly string[]): SyncOrder {
  const reader = new TraceReader(files);
  for (const line of readFileSync(trace, "utf8").split("\n")) reader.read(line);
  return reader;
}

class TraceReader implements SyncOrder {
  readonly syncs = new Map<string, number>();
  readonly early: string[] = [];
  acknowledged = 0;
  readonly #files: readonly string[];
  readonly #unsynced = new Set<string>();
  /** The file of the call that a thread has not returned from. */
  readonly #unfinished = new Map<string, string>();

  constructor(files: readonly string[]) {
    this.#files = files;
  }

  read(line: string): void {
    const { pid = "", call = "", target, rest = "" } = (CALL.exec(line) ?? RESUMED.exec(line))?.groups ?? {};
    if (target?.startsWith("TCP") === true && rest.includes(ACKNOWLEDGEMENT)) this.#acknowledge(line);
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

  #acknowledge(line: string): void {
    this.acknowledged += 1;
    if (this.#unsynced.size > 0) this.early.push(line);
  }
}
