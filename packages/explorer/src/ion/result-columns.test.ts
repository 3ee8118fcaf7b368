// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { transcodeToBinary } from "@ledger-loader/ion";
import { toResultTable } from "./result-columns";

const tableOf = (...rows: readonly string[]): ReturnType<typeof toResultTable> =>
  toResultTable(rows.map((row) => transcodeToBinary(row)));

describe("toResultTable", () => {
  it("has a column for each field of any row, in the order in which they appear", () => {
    expect(tableOf('{a: 1, b: "x"}', "{c: [1, 2], a: 2.50}")).toEqual({
      columns: ["a", "b", "c"],
      rows: [
        ["1", "x", undefined],
        ["2.50", undefined, "[1,2]"],
      ],
    });
  });

  it("puts what is no struct into a column", () => {
    expect(tableOf("1", '"text"', "null.struct")).toEqual({
      columns: ["value"],
      rows: [["1"], ["text"], ["null.struct"]],
    });
  });

  it("cuts a long text", () => {
    const [[cell = ""] = []] = tableOf(`{a: "${"x".repeat(500)}"}`).rows;
    expect(cell.length).toBeLessThan(200);
    expect(cell.endsWith("x…")).toBe(true);
  });
});
