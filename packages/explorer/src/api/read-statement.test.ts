// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { isReadStatement, quoteName } from "./read-statement";
import { placeOf } from "./server-error";

describe("isReadStatement", () => {
  it.each([
    "SELECT 1",
    "  select * from Car",
    "-- a comment\nSELECT 1",
    "/* UPDATE */ SELECT 1",
    "(SELECT 1)",
    "EXPLAIN SELECT 1",
  ])("knows %j as one that reads", (statement) => {
    expect(isReadStatement(statement)).toBe(true);
  });

  it.each([
    "INSERT INTO Car {}",
    "-- SELECT\nDELETE FROM Car",
    "/* SELECT */UPDATE Car SET a = 1",
    "SELECTED",
    "",
  ])("takes %j for one that may change something", (statement) => {
    expect(isReadStatement(statement)).toBe(false);
  });
});

describe("quoteName", () => {
  it("keeps a name in one piece", () => {
    expect(quoteName('a"b')).toBe('"a""b"');
  });
});

describe("placeOf", () => {
  it("finds the place that an error names", () => {
    expect(placeOf("Expected an expression, found >. (line 3, column 15)")).toEqual({ line: 3, column: 15 });
    expect(placeOf("No open transaction")).toBeUndefined();
  });
});
