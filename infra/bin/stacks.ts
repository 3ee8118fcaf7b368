// SPDX-License-Identifier: MIT
import { spawnSync } from "node:child_process";
import path from "node:path";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { STACK_USAGE, toStackCommand } from "../lib/app/stack-command";

/** `pnpm --filter infra run deploy …`: `cdk` with the stacks of the user's loaders. */
function main(words: readonly string[]): number {
  if (words.includes("--help") || words.length < 2) {
    process.stdout.write(STACK_USAGE);
    return words.includes("--help") ? 0 : 2;
  }
  // pnpm runs scripts in the package's folder, and says where the user stood.
  const folder = process.env["INIT_CWD"] ?? process.cwd();
  // cdk takes the quotes off a command that begins with one.
  const app = `node "${path.join(__dirname, "app.js")}"`;
  const { args, environment } = toStackCommand(words, folder, app);
  const { status } = spawnSync(process.execPath, [require.resolve("aws-cdk/bin/cdk"), ...args], {
    cwd: folder,
    stdio: "inherit",
    env: { ...process.env, ...environment },
  });
  return status ?? 1;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof LedgerLoaderError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
