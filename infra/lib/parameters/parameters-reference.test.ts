// SPDX-License-Identifier: MIT
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "@jest/globals";
import { renderParametersReference } from "@ledger-loader/infra";

it("describes every parameter in docs/reference/deploy-parameters.md (after changing those: UPDATE_DOCS=1)", () => {
  const file = path.join(__dirname, "../../../docs/reference/deploy-parameters.md");
  if (process.env["UPDATE_DOCS"] !== undefined) writeFileSync(file, renderParametersReference());
  const page = readFileSync(file, "utf8");
  expect(page).toBe(renderParametersReference());
});
