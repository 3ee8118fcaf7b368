// SPDX-License-Identifier: MIT
import { LOG_FORMATS, LOG_LEVELS, SETTINGS, type LogFormat, type LogLevel } from "@ledger-loader/core";
import type { LogChoice } from "../output/open-log";
import type { OptionSpec } from "./command-spec";

/** The options of commands that keep running and log. */
export interface LogOptions {
  readonly logLevel?: LogLevel;
  readonly logFormat?: LogFormat;
  /** Of all commands. */
  readonly quiet?: true;
  readonly verbose?: true;
}

/** Declares {@link LogOptions}, but for those of all commands. */
export const LOG_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--log-level <level>",
    description:
      "the least severe lines of the log, on standard error. Default: info, with -q error, with -v debug",
    choices: LOG_LEVELS,
    env: SETTINGS.logLevel.name,
    replacedBy: ["--quiet", "--verbose"],
  },
  {
    flags: "--log-format <form>",
    description: "auto, the default, is text at a terminal and JSON elsewhere",
    choices: LOG_FORMATS,
    env: SETTINGS.logFormat.name,
  },
];

/** The level and form of a log that the options name. */
export function logChoice({ logLevel, logFormat = "auto", quiet, verbose }: LogOptions): LogChoice {
  const usual = quiet === true ? "error" : verbose === true ? "debug" : "info";
  return { level: logLevel ?? usual, format: logFormat };
}
