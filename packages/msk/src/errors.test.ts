// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "@jest/globals";
import { LedgerLoaderError } from "@ledger-loader/errors";
import * as msk from "@ledger-loader/msk";

/** One of each exported error. */
const errors: readonly LedgerLoaderError[] = [
  new msk.KafkaConsumerStalledError("events", 3, 240_000),
  new msk.KafkaRefusedError("find the topic events", new Error("no")),
  new msk.KafkaTlsError("find the topic events", { broker: "b:9092", speaks: "plain" }, new Error("no")),
  new msk.KafkaUnavailableError("find the topic events", new Error("no")),
];

it("exports no error that the reference does not list with its code", () => {
  const exported = Object.entries<unknown>(msk)
    .filter(([, each]) => typeof each === "function" && each.prototype instanceof LedgerLoaderError)
    .map(([name]) => name);
  expect(errors.map(({ name }) => name)).toEqual(exported.toSorted());
  const page = readFileSync(path.join(__dirname, "../../../docs/reference/errors.md"), "utf8");
  const section = page.split("\n## ").find((part) => part.startsWith("`@ledger-loader/msk`")) ?? "";
  const listed = [...section.matchAll(/^\| `(\w+)` +\| `(\w+)` +\|/gm)].map(([, code, name]) => [code, name]);
  expect(listed).toEqual(errors.map(({ code, name }) => [code, name]));
});
