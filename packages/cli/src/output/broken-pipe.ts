// SPDX-License-Identifier: MIT

/** The exit code that shells show for a program that SIGPIPE ended: 128 and the signal's number. */
const ENDED_BY_SIGPIPE = 141;

/**
 * Ends the process without a word when nobody reads its output any more, as in `ledger-loader … | head -1`. Other programs are
 * ended by SIGPIPE then, which Node.js ignores: it reports EPIPE instead.
 */
export function endOnBrokenPipe(process: NodeJS.Process): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit(ENDED_BY_SIGPIPE);
    });
  }
}
