// SPDX-License-Identifier: MIT
import type { LogFields, LogFormat, Logger, LogLevel } from "@ledger-loader/core";
import { printable } from "@ledger-loader/errors";
import type { Style } from "./style";
import { styleFor } from "./style";
import type { Terminal } from "./terminal";
import { fitTo } from "./wrap";

/** Which lines a log has, and in which form. */
export interface LogChoice {
  readonly level: LogLevel;
  /** `auto`: text at a terminal, JSON elsewhere. */
  readonly format: LogFormat;
  /** Called before a line is written: takes a progress line away. */
  readonly beforeLine?: () => void;
}

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error", "silent"];

/** Opens a log on standard error: lines for people, or JSON lines for machines. */
export function openLog({ stderr, env }: Terminal, choice: LogChoice): Logger {
  const { level, format, beforeLine = () => undefined } = choice;
  const write = (line: string): void => {
    beforeLine();
    stderr.write(line);
  };
  const isText = format === "text" || (format === "auto" && stderr.isTTY === true);
  if (isText) {
    const writeText = (text: string): void => {
      write(`${fitTo(stderr, text)}\n`);
    };
    return textLog(writeText, level, styleFor(stderr, env));
  }
  // oxlint-disable-next-line typescript/no-require-imports -- core and pino are loaded where JSON lines are written
  const { createPinoLogger } = require("@ledger-loader/core") as typeof import("@ledger-loader/core");
  return createPinoLogger({ level, destination: { write } });
}

function textLog(write: (text: string) => void, level: LogLevel, style: Style): Logger {
  const writer =
    (of: LogLevel, mark: string) =>
    (fields: LogFields, message: string): void => {
      if (LEVELS.indexOf(of) < LEVELS.indexOf(level)) return;
      const time = style.dim(new Date().toTimeString().slice(0, "00:00:00".length));
      const details = toText(fields);
      const parts = [time, mark, message, details === "" ? "" : style.dim(details)];
      write(parts.filter((part) => part !== "").join(" "));
    };
  return {
    debug: writer("debug", style.dim("debug:")),
    info: writer("info", ""),
    warn: writer("warn", style.warn("warning:")),
    error: writer("error", style.bad("error:")),
  };
}

/** Fields as `name=value`. The stack of an error is for machines: it takes many lines. */
function toText(fields: LogFields): string {
  return Object.entries(fields)
    .filter(([name, value]) => value !== undefined && name !== "stack")
    .map(([name, value]) => fieldText(name, value))
    .filter((text) => text !== "")
    .join(" ");
}

/** Times are read in their own units. Of counts by reason, those that are 0 say nothing. */
function fieldText(name: string, value: unknown): string {
  if (name.endsWith("Ms") && typeof value === "number")
    return `${name.slice(0, -"Ms".length)}=${shortDuration(value)}`;
  if (Array.isArray(value)) return `${name}=${printable(value.map(String).join(","))}`;
  if (typeof value !== "object" || value === null)
    return `${name}=${quotedIfNeeded(printable(String(value)))}`;
  const counts = Object.entries(value).filter(([, each]) => each !== 0 && each !== undefined);
  return counts.map(([key, each]) => `${name}.${key}=${printable(String(each))}`).join(" ");
}

/** A value with blanks would run into the next field. */
function quotedIfNeeded(text: string): string {
  return /[\s=]/.test(text) ? JSON.stringify(text) : text;
}

function shortDuration(ms: number): string {
  if (ms < 1_000) return `${ms}ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)}s`;
  return `${Math.round(ms / 60_000)}min`;
}
