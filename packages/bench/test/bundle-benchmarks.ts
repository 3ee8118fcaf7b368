// SPDX-License-Identifier: MIT
import { execFileSync } from "node:child_process";
import path from "node:path";

/** Bundles the benchmarks into `folder`, so that they run as a program without a build, and returns its path. */
export function bundleBenchmarks(folder: string): string {
  const program = path.join(folder, "bench.cjs");
  // As a process of its own: inside Jest's sandbox esbuild's library refuses to work.
  execFileSync(require.resolve("esbuild/bin/esbuild"), [
    path.join(__dirname, "..", "src", "main.ts"),
    "--bundle",
    "--platform=node",
    "--conditions=ws-source",
    "--external:libsql",
    "--log-level=error",
    `--outfile=${program}`,
  ]);
  return program;
}

/** Builds the command line, which one benchmark starts; after a build it does nothing. */
export function buildCommandLine(): void {
  const compiler = path.join(path.dirname(require.resolve("typescript/package.json")), "bin", "tsc");
  execFileSync(process.execPath, [compiler, "-b", path.join(__dirname, "..", "..", "cli")]);
}
