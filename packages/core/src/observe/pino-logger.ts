// SPDX-License-Identifier: MIT
import type { Logger } from "./logger";

/** The stream that takes log lines, such as `process.stderr`. */
export interface LogDestination {
  write(line: string): void;
}

/** A logger that writes one JSON line per entry to stdout, or to stderr where stdout belongs to a result, or to a given destination. */
export function createPinoLogger(
  options: {
    readonly level?: string;
    readonly toStderr?: boolean;
    readonly destination?: LogDestination;
  } = {},
): Logger {
  const { level = "info", toStderr = false } = options;
  // oxlint-disable-next-line typescript/no-require-imports -- loaded by who logs, and a logger is not awaited
  const { pino } = require("pino") as typeof import("pino");
  const destination = options.destination ?? pino.destination({ dest: toStderr ? 2 : 1, sync: true });
  return pino({ level, base: null }, destination);
}
