// SPDX-License-Identifier: MIT
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "@jest/globals";
import { renderParametersReference, renderRulesReference } from "@ledger-loader/infra";

/** Writes a page anew where `UPDATE_DOCS` is set, and reads it. */
function pageOf(name: string, rendered: string): string {
  const file = path.join(__dirname, "../../../docs/reference", name);
  if (process.env["UPDATE_DOCS"] !== undefined) writeFileSync(file, rendered);
  return readFileSync(file, "utf8");
}

it("describes every parameter in docs/reference/deploy-parameters.md", () => {
  const rendered = renderParametersReference();
  expect(pageOf("deploy-parameters.md", rendered)).toBe(rendered);
});

it("describes every rule in docs/reference/deploy-rules.md", () => {
  const rendered = renderRulesReference();
  expect(pageOf("deploy-rules.md", rendered)).toBe(rendered);
});
