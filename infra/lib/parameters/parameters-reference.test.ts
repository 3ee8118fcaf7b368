// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "@jest/globals";
import { renderParametersReference } from "@ledger-loader/infra";

it("describes every parameter in docs/reference/deploy-parameters.md", () => {
  const page = readFileSync(path.join(__dirname, "../../../docs/reference/deploy-parameters.md"), "utf8");
  expect(page).toBe(renderParametersReference());
});
