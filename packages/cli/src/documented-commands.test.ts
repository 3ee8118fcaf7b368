// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { problemOfWords } from "../test/check-words";
import { codeBlocksOf, pages, programWords, shellLines } from "../test/documented-commands";

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
      const problem = await problemOfWords(words);
      if (problem !== undefined) problems.push(`${block.page}: ${line}: ${problem}`);
    }
  }
  expect(problems).toEqual([]);
  expect(count).toBeGreaterThan(40);
});
