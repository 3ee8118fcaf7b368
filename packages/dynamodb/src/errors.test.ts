// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import * as dynamodb from "@ledger-loader/dynamodb";
import { LedgerLoaderError } from "@ledger-loader/errors";

/** One of each exported error. */
const errors: readonly LedgerLoaderError[] = [
  new dynamodb.CheckpointTableError("checkpoints", new Error("no"), false),
  new dynamodb.StreamTrimmedError("shardId-1", "100"),
  new dynamodb.StreamViewTypeError("arn", "NEW_IMAGE", "KEYS_ONLY", "no new image"),
];

it("exports no error that the reference does not list with its code", () => {
  const exported = Object.entries<unknown>(dynamodb)
    .filter(([, each]) => typeof each === "function" && each.prototype instanceof LedgerLoaderError)
    .map(([name]) => name);
  expect(errors.map(({ name }) => name).toSorted()).toEqual(exported.toSorted());
  const page = readFileSync(join(__dirname, "../../../docs/reference/errors.md"), "utf8");
  const section = page.split("\n## ").find((part) => part.startsWith("`@ledger-loader/dynamodb`")) ?? "";
  const listed = [...section.matchAll(/^\| `(\w+)` +\| `(\w+)` +\|/gm)].map(([, code, name]) => [code, name]);
  expect(listed).toEqual(errors.map(({ code, name }) => [code, name]));
});
