// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { table } from "./layout";
import { printable } from "@ledger-loader/errors";

describe("printable", () => {
  it.each([
    ["colours", "id \u001b[31mred", "id \\u001b[31mred"],
    ["the direction of text", "a\u202etxt.exe", "a\\u202etxt.exe"],
    ["isolates and marks", "\u2066a\u2069\u200f", "\\u2066a\\u2069\\u200f"],
    ["C1 controls", "\u009b2J", "\\u009b2J"],
    ["new lines, so that no line is made up", "a\nverified\r\u2028", "a\\u000averified\\u000d\\u2028"],
    ["nothing else", "Zoë 車 😀 \\u001b", "Zoë 車 😀 \\u001b"],
  ])("escapes %s", (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it("is what a table shows of its cells", () => {
    expect(table([{ heading: "TABLE" }, { heading: "N" }], [["Car\u001b[2J", "1"]])).toBe(
      "TABLE         N\nCar\\u001b[2J  1",
    );
  });
});
