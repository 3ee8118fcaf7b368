#!/usr/bin/env node
// SPDX-License-Identifier: MIT
import { runCli } from "./run-cli";
import { processTerminal } from "./terminal";

void runCli(process.argv.slice(2), processTerminal()).then((exitCode) => {
  // Not process.exit: what is still being written to a pipe must arrive.
  process.exitCode = exitCode;
});
