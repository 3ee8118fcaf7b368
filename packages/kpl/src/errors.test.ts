// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "@jest/globals";
import { LedgerLoaderError } from "@ledger-loader/errors";
import * as kpl from "@ledger-loader/kpl";

const errors: readonly LedgerLoaderError[] = [
  new kpl.InvalidUserRecordError("Expected a partition key, found none: give one."),
  new kpl.UserRecordTooLargeError(3, 2),
];

it("exports no other errors, and the reference lists these with their codes", () => {
  const exported = Object.values<unknown>(kpl).filter(
    (each) => typeof each === "function" && each.prototype instanceof LedgerLoaderError,
  );
  expect(exported).toHaveLength(errors.length);
  const page = readFileSync(path.join(__dirname, "../../../docs/reference/errors.md"), "utf8");
  const section = page.split("\n## ").find((part) => part.startsWith("`@ledger-loader/kpl`")) ?? "";
  const documented = [...section.matchAll(/^\| `(\w+)` +\| `(\w+)` +\|/gm)].map((row) => row.slice(1, 3));
  expect(documented).toEqual(errors.map(({ code, name }) => [code, name]));
});

it("says what was expected, what was found and what to do next", () => {
  for (const { message } of errors) expect(message).toMatch(/^Expected .*, found .*: .*\.$/);
});
