// SPDX-License-Identifier: MIT
import { COMMAND_HEADS, GROUPS, loadCommand } from "../src/commands";
import { helpWords } from "../src/help-words";
import { markLiteralWords } from "../src/literal-words";
import type { Terminal } from "../src/output/terminal";
import { buildProgram, whyStopped } from "../src/program";

/** Parses a command line and runs nothing; returns what is wrong with it. */
export async function problemOfWords(words: readonly string[]): Promise<string | undefined> {
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
