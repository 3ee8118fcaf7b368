// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { DECISION_TABLE } from "@ledger-loader/core";
import { readFileSync } from "node:fs";
import { join } from "node:path";

it("docs/concepts/strict-mode.md prints the decision table as it is executed", () => {
  const page = readFileSync(join(__dirname, "../../../../docs/concepts/strict-mode.md"), "utf8");
  const [, printed] =
    /<!-- decision-table:[^>]*-->\n\n```text\n([^`]*)```\n\n<!-- \/decision-table -->/.exec(page) ?? [];
  expect(printed).toBe(DECISION_TABLE.trimStart());
});
