// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { codeBlocksOf, pages, programWords, shellLines } from "../test/documented-commands";
import { helpWords } from "./help-words";
import { COMMAND_HEADS, GROUPS, loadCommand } from "./commands";
import { markLiteralWords } from "./literal-words";
import type { Terminal } from "./output/terminal";
import { buildProgram, whyStopped } from "./program";

/** Parses a command line and runs nothing; returns what is wrong with it. */
async function problemOf(words: readonly string[]): Promise<string | undefined> {
  const quiet = { write: () => undefined };
  const terminal = { stdout: quiet, stderr: quiet, env: {} } as unknown as Terminal;
  const meant = helpWords(words, Object.keys(GROUPS));
  const program = buildProgram(loadCommand(meant) ?? COMMAND_HEADS, terminal, () => Promise.resolve());
  try {
    await program.parseAsync(markLiteralWords(meant), { from: "user" });
    return undefined;
  } catch (error) {
    return whyStopped(error) === "asked" ? undefined : String(error);
  }
}

it("Every command line that the docs show can be called", async () => {
  const problems: string[] = [];
  let count = 0;
  for (const block of pages().flatMap(codeBlocksOf)) {
    if (!["sh", "text", "ini", ""].includes(block.language)) continue;
    for (const line of shellLines(block)) {
      const words = programWords(line) ?? [];
      // The reference shows how commands are called, with placeholders.
      if (words.length === 0 || line.endsWith("[options]")) continue;
      count += 1;
      const problem = await problemOf(words);
      if (problem !== undefined) problems.push(`${block.page}: ${line}: ${problem}`);
    }
  }
  expect(problems).toEqual([]);
  expect(count).toBeGreaterThan(40);
});
