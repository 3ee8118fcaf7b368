// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import { createApp } from "../lib/create-app";
import { loadConfigFile } from "../lib/load-config-file";

/** What `cdk` runs: the stacks of the configuration that LOADER_CONFIG names. */
function main(): void {
  const loaders = loadConfigFile(process.env["LOADER_CONFIG"] ?? "loader.config.ts");
  // `cdk` says where its assembly goes; without it, the current folder.
  createApp(loaders, { outdir: process.env["CDK_OUTDIR"] ?? "cdk.out" }).synth();
}

try {
  main();
} catch (error) {
  // What is wrong with the configuration is for people; anything else keeps its stack.
  if (!(error instanceof LedgerLoaderError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
