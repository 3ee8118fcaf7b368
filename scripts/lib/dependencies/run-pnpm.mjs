// SPDX-License-Identifier: MIT
import { execFile } from "node:child_process";

/** Ends what hangs, in milliseconds. */
const TIMEOUT_MS = 120_000;

/** Runs pnpm, and returns what it printed and whether it succeeded: audit fails when it has found something. */
export function runPnpm([program, ...words], root) {
  return new Promise((resolve) => {
    const options = { cwd: root, maxBuffer: 2 ** 28, timeout: TIMEOUT_MS };
    execFile(program, words, options, (error, stdout, stderr) => resolve({ error, stdout, stderr }));
  });
}
