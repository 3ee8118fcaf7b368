#!/usr/bin/env node
// SPDX-License-Identifier: MIT
import { CHILD_OPTION } from "../child";
import { runAttackerChild } from "./attacker-child";
import { runAttacks } from "./run-attacks";

async function main(words: readonly string[]): Promise<void> {
  if (words[0] === CHILD_OPTION) runAttackerChild();
  else process.exitCode = await runAttacks(words);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
