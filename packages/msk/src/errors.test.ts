// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "@jest/globals";
import { LedgerLoaderError } from "@ledger-loader/errors";
import * as msk from "@ledger-loader/msk";
import { anEvent } from "@ledger-loader/testkit";

/** One of each exported error. */
const errors: readonly LedgerLoaderError[] = [
  new msk.KafkaConsumerStalledError("events", 3, 240_000),
  new msk.KafkaEventsRefusedError([{ event: anEvent({ id: "jane" }), code: "MESSAGE_TOO_LARGE" }], 2, 7),
  new msk.KafkaRefusedError("find the topic events", new Error("no")),
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

it("says what was refused and what to do, without the record's id", () => {
  expect(errors[1]!.message).toMatch(
    /accepted 7, refused 1 \(MESSAGE_TOO_LARGE; tables: Vehicle\), and 2 were/,
  );
  expect(errors[1]!.message).not.toContain("jane");
});
