// SPDX-License-Identifier: MIT
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { renderReference } from "./reference";

const page = join(__dirname, "..", "..", "..", "docs", "reference", "cli.md");

describe("docs/reference/cli.md", () => {
  it("says what the commands' declarations say (after changing those: UPDATE_DOCS=1 pnpm test packages/cli)", () => {
    const expected = formatted(renderReference());
    if (process.env["UPDATE_DOCS"] !== undefined) writeFileSync(page, expected);
    expect(readFileSync(page, "utf8")).toBe(expected);
  });
});

/** Prettier loads its parsers in a way that Jest's own module system refuses. */
function formatted(markdown: string): string {
  const prettier = require.resolve("prettier/bin/prettier.cjs");
  return execFileSync(process.execPath, [prettier, "--stdin-filepath", page], {
    input: markdown,
    encoding: "utf8",
  });
}
