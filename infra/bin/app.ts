// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import { createApp } from "../lib/app/create-app";
import { loadAppFile } from "../lib/app/load-config-file";
import { parseLoaders } from "../lib/app/parse-loaders";

/** What `cdk` runs: the stacks of the configuration that LOADER_CONFIG names, or of what LOADER_DEFINITION holds. */
function main(): void {
  const { LOADER_DEFINITION: definition, LOADER_FOLDER: folder, LOADER_CONFIG: file } = process.env;
  const { loaders, dashboard } =
    definition === undefined
      ? loadAppFile(file ?? "loader.config.ts")
      : { loaders: parseLoaders(JSON.parse(definition), folder ?? "."), dashboard: false };
  // `cdk` says where its assembly goes; without it, the current folder.
  createApp(loaders, { dashboard, outdir: process.env["CDK_OUTDIR"] ?? "cdk.out" }).synth();
}

try {
  main();
} catch (error) {
  // What is wrong with the configuration is for people; anything else keeps its stack.
  if (!(error instanceof LedgerLoaderError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
