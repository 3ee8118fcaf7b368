// SPDX-License-Identifier: MIT
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Readiness } from "@ledger-loader/testkit";

/** Which calls on which file fail, and when. */
export interface DiskFault {
  /** How the file's path ends. */
  readonly file: string;
  /** See `disk-faults.c`. */
  readonly kind: "sync" | "full" | "short" | "torn";
  /** How many calls succeed before. */
  readonly first: number;
  /** How many calls fail; then calls succeed again. */
  readonly count: number;
}

/** Tells if `disk-faults.c` can be compiled and preloaded here. */
export function diskFaultReadiness(): Readiness {
  const available = process.platform === "linux" && spawnSync("cc", ["--version"]).status === 0;
  return available ? { available } : { available, reason: "Linux and a C compiler named cc are needed" };
}

/** Compiles the library into `folder` and returns its path. */
export function compileDiskFaults(folder: string): string {
  const library = join(folder, "disk-faults.so");
  const source = join(__dirname, "disk-faults.c");
  execFileSync("cc", ["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, source, "-ldl"]);
  return library;
}

/** The environment of a process whose disk fails. */
export function faultEnvironment(
  library: string,
  { file, kind, first, count }: DiskFault,
): Record<string, string> {
  return {
    LD_PRELOAD: library,
    FAULT_FILE: file,
    FAULT_KIND: kind,
    FAULT_FIRST: String(first),
    FAULT_COUNT: String(count),
  };
}
