// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import type { LogLevel } from "@ledger-loader/core";
import type { CommandContext } from "../options/command-spec";
import { logServer } from "./log-server";
import { openServerLog } from "./server-log";

/** What a server's log says of some changes. */
function logOf(level: LogLevel, isTTY: boolean): readonly string[] {
  const lines: string[] = [];
  const add = (text: string): void => void lines.push(text.replace(/^[\d:]{8} /, "").trimEnd());
  const terminal = { stderr: { write: add, isTTY }, env: { NO_COLOR: "1" } };
  const context = { terminal, note: add } as unknown as CommandContext;
  const { observer, onWarning, onDefect } = logServer(openServerLog(context, level), undefined);
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
    "the database answers again place=db awayMs=5",
    "warning: The clock is behind.",
    "error: a request failed because of the server reason=Error: broken\\u001b[2J",
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
    { level: 50, reason: "Error: broken\u001b[2J", stack: expect.stringContaining("server-log.test") },
  ]);
});

it.each([true, false])("The level says what a server's log leaves out (terminal: %s)", (isTTY) => {
  expect(logOf("debug", isTTY)).toHaveLength(7);
  expect(logOf("warn", isTTY)).toHaveLength(4);
  expect(logOf("error", isTTY)).toHaveLength(2);
  expect(logOf("silent", isTTY)).toHaveLength(0);
});
