#!/usr/bin/env node
// SPDX-License-Identifier: MIT
import { CHILD_OPTION } from "./child";
import { runBenchmarks } from "./run-benchmarks";
import { runChild } from "./run-child";

async function main([first, second]: readonly string[]): Promise<void> {
  if (first === CHILD_OPTION) await runChild(second);
  else process.exitCode = await runBenchmarks(process.argv.slice(2));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
