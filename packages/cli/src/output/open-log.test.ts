// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import type { LogFormat, LogLevel } from "@ledger-loader/core";
import { logServer } from "../serve/log-server";
import { openLog } from "./open-log";
import type { Terminal } from "./terminal";

/** The log of a server after some changes. */
function logOf(level: LogLevel, isTTY: boolean, format: LogFormat = "auto"): readonly string[] {
  const lines: string[] = [];
  const add = (text: string): void => void lines.push(text.replace(/^[\d:]{8} /, "").trimEnd());
  const terminal = { stderr: { write: add, isTTY, columns: 1_000 }, env: { NO_COLOR: "1" } };
  const log = openLog(terminal as unknown as Terminal, { level, format });
  const { observer, onWarning, onDefect } = logServer(log, undefined);
  observer?.onRequest?.({
    operation: "GetDigest",
    isForwarded: false,
    result: "ok",
    errorCode: undefined,
    durationMs: 2,
  });
  observer?.onChange?.({ kind: "ledger-opened", ledger: "cars" });
  observer?.onChange?.({ kind: "limit-reached", limit: "connectionsMax", max: 9 });
  observer?.onChange?.({ kind: "database-lost", place: "db" });
  observer?.onChange?.({ kind: "database-back", place: "db", awayMs: 5 });
  onWarning?.("The clock is behind.");
  onDefect?.(new Error("broken\u001b[2J"));
  return lines;
}

it("A server's log at a terminal has a line for each change, which control characters do not disturb", () => {
  expect(logOf("info", true)).toEqual([
    "ledger opened ledger=cars",
    "warning: too many connections: requests of further ones are refused; see --max-connections limit=connectionsMax max=9",
    "error: the database does not answer: requests are refused until it does place=db",
    "the database answers again place=db away=5ms",
    "warning: The clock is behind.",
    'error: a request failed because of the server reason="Error: broken\\\\u001b[2J"',
  ]);
});

it("A server's log elsewhere has the same as JSON, with the stack of an error", () => {
  const lines = logOf("info", false).map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toMatchObject([
    { level: 30, ledger: "cars", msg: "ledger opened" },
    { level: 40, limit: "connectionsMax", max: 9 },
    { level: 50, place: "db" },
    { level: 30, place: "db", awayMs: 5 },
    { level: 40, msg: "The clock is behind." },
    { level: 50, reason: "Error: broken\u001b[2J", stack: expect.stringContaining("open-log.test") },
  ]);
});

it("LOG_FORMAT has the one form or the other wherever the log goes", () => {
  expect(logOf("error", false, "text")).toEqual(logOf("error", true));
  expect(logOf("error", true, "json").map((line) => JSON.parse(line) as unknown)).toHaveLength(2);
});

it("Text shows what a batch has counted without its zeros, and times in units", () => {
  const lines: string[] = [];
  const stderr = { write: (text: string) => lines.push(text), isTTY: true, columns: 1_000 };
  const terminal = { stderr, env: { TERM: "dumb" } } as unknown as Terminal;
  const log = openLog(terminal, { level: "info", format: "auto" });
  log.info({ written: 3, skipped: { a: 0, b: 2 }, partitions: [1, 2], awayMs: 61_500 }, "batch loaded");
  expect(lines.join("").slice("00:00:00 ".length)).toBe(
    "batch loaded written=3 skipped.b=2 partitions=1,2 away=61.5s\n",
  );
});

it.each([true, false])("The level says what a server's log leaves out (terminal: %s)", (isTTY) => {
  expect(logOf("debug", isTTY)).toHaveLength(7);
  expect(logOf("warn", isTTY)).toHaveLength(4);
  expect(logOf("error", isTTY)).toHaveLength(2);
  expect(logOf("silent", isTTY)).toHaveLength(0);
});
