// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { LedgerLoaderError } from "@ledger-loader/errors";
import * as kinesis from "@ledger-loader/kinesis";

/** One of each exported error. */
const errors: readonly LedgerLoaderError[] = [
  new kinesis.StreamAnswerError("journal", "none"),
  new kinesis.StreamUnavailableError("Expected an answer, found none: try again."),
];

it("exports no error that the reference does not list with its code", () => {
  const exported = Object.entries<unknown>(kinesis)
    .filter(([, each]) => typeof each === "function" && each.prototype instanceof LedgerLoaderError)
    .map(([name]) => name);
  expect(errors.map(({ name }) => name).toSorted()).toEqual(exported.toSorted());
  const page = readFileSync(join(__dirname, "../../../docs/reference/errors.md"), "utf8");
  const section = page.split("\n## ").find((part) => part.startsWith("`@ledger-loader/kinesis`")) ?? "";
  const listed = [...section.matchAll(/^\| `(\w+)` +\| `(\w+)` +\|/gm)].map(([, code, name]) => [code, name]);
  expect(listed).toEqual(errors.map(({ code, name }) => [code, name]));
});
