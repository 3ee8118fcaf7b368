// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { bytes, count, counted, duration, facts, indent, rate, table } from "./layout";

describe("table", () => {
  it("lines up columns and leaves no blanks at the end", () => {
    const text = table(
      [{ heading: "NAME" }, { heading: "N", align: "right" }, { heading: "X" }],
      [
        ["a", "1", ""],
        ["longer", "1,000", "y"],
      ],
    );
    expect(text.split("\n")).toEqual(["NAME        N  X", "a           1", "longer  1,000  y"]);
  });
});

describe("facts", () => {
  it("lines up values and leaves out what is not known", () => {
    expect(
      facts([
        ["a", "1"],
        ["long", "2"],
        ["none", undefined],
      ]),
    ).toBe("a     1\nlong  2");
  });
});

describe("numbers for people", () => {
  it("are short and exact enough", () => {
    expect([count(1234567), counted(1, "block"), counted(2, "block")]).toEqual([
      "1,234,567",
      "1 block",
      "2 blocks",
    ]);
    expect([duration(40), duration(9_960), duration(12_400), duration(185_000)]).toEqual([
      "0.0 s",
      "10.0 s",
      "12 s",
      "3 min 05 s",
    ]);
    expect([bytes(0), bytes(1023), bytes(1536), bytes(5 * 1024 ** 3)]).toEqual([
      "0 bytes",
      "1,023 bytes",
      "1.5 KiB",
      "5.0 GiB",
    ]);
    expect([rate(100, 1_000, "events"), rate(100, 100, "events"), rate(0, 1_000, "events")]).toEqual([
      "100 events/s",
      undefined,
      undefined,
    ]);
  });

  it("indents every line that is not empty", () => {
    expect(indent("a\n\nb")).toBe("  a\n\n  b");
  });
});
