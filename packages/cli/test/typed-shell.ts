// SPDX-License-Identifier: MIT
import { PassThrough } from "node:stream";
import { runCli } from "../src/run-cli";
import { until } from "./until";

/** A command that a person types to, at a terminal. */
export interface TypedCommand {
  /** Types a text, and waits until the terminal shows what is expected behind what it showed before. */
  type(text: string, expected: RegExp): Promise<string>;
  /** Waits for the end; returns the exit code. */
  readonly ended: Promise<number>;
}

/** Starts a command at a terminal, without colours. */
export function typeTo(words: readonly string[], env: Readonly<Record<string, string>>): TypedCommand {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  let shown = "";
  const stream = {
    write: (text: string) => {
      // The line editor's own sequences move the cursor and erase.
      shown += text.replace(/\u001b\[\d*[A-Za-z]/g, "");
    },
    isTTY: true,
    columns: 80,
  };
  const ended = runCli(words, {
    stdin,
    stdout: stream,
    stderr: stream,
    env: { NO_COLOR: "1", ...env },
    onStop: () => () => undefined,
    onReload: () => () => undefined,
  });
  return {
    ended,
    async type(text, expected) {
      const before = shown.length;
      stdin.write(text);
      await until(() => Promise.resolve(expected.test(shown.slice(before))));
      return shown.slice(before);
    },
  };
}
