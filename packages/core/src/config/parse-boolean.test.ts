// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { parseBoolean, parseConfig } from "@ledger-loader/core";

it.each([
  ["true", true],
  ["True", true],
  ["FALSE", false],
  ["fAlse", false],
  ["yes", undefined],
  ["1", undefined],
  [" true", undefined],
])("reads %j as %s", (text, expected) => {
  expect(parseBoolean(text)).toBe(expected);
});

it("reads every boolean setting of the loader in any case", () => {
  const config = parseConfig({
    LEDGER_NAME: "l",
    STRICT_MODE: "False",
    CREATE_TABLES: "TRUE",
    REQUIRE_ID: "True",
    AWS_REGION: "eu-west-1",
  });
  expect(config).toMatchObject({
    strictness: "lenient",
    createTables: true,
    requireId: true,
    ledgerRegion: "eu-west-1",
  });
  expect(() => parseConfig({ LEDGER_NAME: "l", STRICT_MODE: "yes" })).toThrow(/STRICT_MODE.*yes/);
});
