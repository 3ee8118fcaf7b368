// SPDX-License-Identifier: MIT
import { pino } from "pino";
import type { Logger } from "./logger";

/** A logger that writes one JSON line per entry to stdout, or to stderr where stdout belongs to a result. */
export function createPinoLogger(
  options: { readonly level?: string; readonly toStderr?: boolean } = {},
): Logger {
  const { level = "info", toStderr = false } = options;
  return pino({ level, base: null }, pino.destination({ dest: toStderr ? 2 : 1, sync: true }));
}
