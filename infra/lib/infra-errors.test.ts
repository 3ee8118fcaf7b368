// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "@jest/globals";
import { LedgerLoaderError } from "@ledger-loader/errors";
import * as infra from "@ledger-loader/infra";

/** One of each exported error. */
const errors: readonly LedgerLoaderError[] = [
  new infra.BundleError("Expected code that can be bundled."),
  new infra.DeploymentConfigError(["loader 1 (sqs): ledgerName: expected a name, found nothing"]),
];

it("exports no error that the reference does not list with its code", () => {
  const exported = Object.entries<unknown>(infra)
    .filter(([, each]) => typeof each === "function" && each.prototype instanceof LedgerLoaderError)
    .map(([name]) => name);
  expect(errors.map(({ name }) => name).toSorted()).toEqual(exported.toSorted());
  const page = readFileSync(path.join(__dirname, "../../docs/reference/errors.md"), "utf8");
  const section = page.split("\n## ").find((part) => part.startsWith("`@ledger-loader/infra`")) ?? "";
  const listed = [...section.matchAll(/^\| `(\w+)` +\| `(\w+)` +\|/gm)].map(([, code, name]) => [code, name]);
  expect(listed).toEqual(errors.map(({ code, name }) => [code, name]));
});
