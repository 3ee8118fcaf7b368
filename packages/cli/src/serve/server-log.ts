// SPDX-License-Identifier: MIT
import {
  createPinoLogger,
  LOG_LEVELS,
  type LogFields,
  type Logger,
  type LogLevel,
} from "@ledger-loader/core";
import { printable } from "@ledger-loader/errors";
import type { CommandContext } from "../options/command-spec";
import { type Style, styleFor } from "../output/style";

/** Opens the log of a server on standard error: lines for people at a terminal, JSON lines elsewhere. */
export function openServerLog(context: CommandContext, level: LogLevel): Logger {
  const { stderr, env } = context.terminal;
  if (stderr.isTTY === true) {
    const note = (text: string): void => {
      context.note(text);
    };
    return terminalLog(note, level, styleFor(stderr, env));
  }
  const write = (line: string): void => {
    stderr.write(line);
  };
  return createPinoLogger({ level, destination: { write } });
}

function terminalLog(note: (text: string) => void, level: LogLevel, style: Style): Logger {
  const writer =
    (of: LogLevel, mark: string) =>
    (fields: LogFields, message: string): void => {
      if (LOG_LEVELS.indexOf(of) < LOG_LEVELS.indexOf(level)) return;
      const time = style.dim(new Date().toTimeString().slice(0, "00:00:00".length));
      const details = toText(fields);
      const parts = [time, mark, message, details === "" ? "" : style.dim(details)];
      note(parts.filter((part) => part !== "").join(" "));
    };
  return {
    debug: writer("debug", ""),
    info: writer("info", ""),
    warn: writer("warn", style.warn("warning:")),
    error: writer("error", style.bad("error:")),
  };
}

/** Fields as `name=value`. The stack of an error is for machines: it takes many lines. */
function toText(fields: LogFields): string {
  return Object.entries(fields)
    .filter(([name, value]) => value !== undefined && name !== "stack")
    .map(([name, value]) => `${name}=${printable(String(value))}`)
    .join(" ");
}
