// SPDX-License-Identifier: MIT
import type { Readable } from "node:stream";

/** A stream that the command line writes to; `isTTY` says whether a person is looking at it. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number | undefined;
}

/** Everything of the process that a command may touch, so that tests run commands without starting one. */
export interface Terminal {
  readonly stdin: Readable;
  /** Results, and nothing else. */
  readonly stdout: OutputStream;
  /** Progress, notes and errors. */
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls `stop` when the user or the system asks the process to end; returns how to take that back. */
  onStop(stop: () => void): () => void;
  /** Calls `reload` when the system asks the process to read its files again (SIGHUP); returns how to take that back. */
  onReload(reload: () => void): () => void;
}

const STOP_SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    onStop(stop) {
      for (const signal of STOP_SIGNALS) process.once(signal, stop);
      return () => {
        for (const signal of STOP_SIGNALS) process.off(signal, stop);
      };
    },
    onReload(reload) {
      process.on("SIGHUP", reload);
      return () => {
        process.off("SIGHUP", reload);
      };
    },
  };
}
