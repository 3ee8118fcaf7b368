// SPDX-License-Identifier: MIT
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { renderRules } from "./render-rules";

const page = join(__dirname, "../../../docs/reference/lint.md");

it("describes every rule in docs/reference/lint.md (after a change: UPDATE_DOCS=1 pnpm test packages/lint)", () => {
  if (process.env["UPDATE_DOCS"] !== undefined) writeFileSync(page, renderRules());
  expect(readFileSync(page, "utf8")).toBe(renderRules());
});
