// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import * as sqs from "@ledger-loader/sqs";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { createEvent } from "@ledger-loader/core";

/** One of each exported error. */
const errors: readonly LedgerLoaderError[] = [
  new sqs.EventsRefusedError(
    [
      {
        event: createEvent({ op: "DELETE", table: "T", id: "jane" }),
        code: "InvalidMessageContents",
        reason: "no",
      },
    ],
    2,
    7,
  ),
  new sqs.QueueUnavailableError("Expected an answer, found none: try again."),
];

it("exports no error that the reference does not list with its code", () => {
  const exported = Object.entries<unknown>(sqs)
    .filter(([, each]) => typeof each === "function" && each.prototype instanceof LedgerLoaderError)
    .map(([name]) => name);
  expect(errors.map(({ name }) => name).toSorted()).toEqual(exported.toSorted());
  const page = readFileSync(join(__dirname, "../../../docs/reference/errors.md"), "utf8");
  const section = page.split("\n## ").find((part) => part.startsWith("`@ledger-loader/sqs`")) ?? "";
  const listed = [...section.matchAll(/^\| `(\w+)` +\| `(\w+)` +\|/gm)].map(([, code, name]) => [code, name]);
  expect(listed).toEqual(errors.map(({ code, name }) => [code, name]));
});

it("says what was refused and what to do, without the record's id", () => {
  const [refused] = errors;
  expect(refused!.message).toMatch(
    /accepted 7, refused 1 \(InvalidMessageContents; tables: T\), and 2 were held back/,
  );
  expect(refused!.message).not.toContain("jane");
});
