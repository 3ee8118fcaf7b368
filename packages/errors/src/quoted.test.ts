// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { quoted } from "./quoted";

describe("quoted", () => {
  it.each([
    ["a short text", "Vehicle", '"Vehicle"'],
    ["colours", "INSERT\u001b[31m", '"INSERT\\u001b[31m"'],
    ["the direction of text", "UP\u202eDATE", '"UP\\u202eDATE"'],
    ["C1 controls and half characters", "\u009b2J\ud800", '"\\u009b2J\\ud800"'],
    ["quotation marks", 'a"b', '"a\\"b"'],
    ["64 characters", "x".repeat(64), `"${"x".repeat(64)}"`],
    ["more", "x".repeat(65), `"${"x".repeat(64)}"…`],
    ["a megabyte", "y".repeat(1 << 20), `"${"y".repeat(64)}"…`],
    ["characters beyond 16 bits", "😀".repeat(70), `"${"😀".repeat(64)}"…`],
  ])("shows %s", (_, text, shown) => {
    expect(quoted(text)).toBe(shown);
  });
});
