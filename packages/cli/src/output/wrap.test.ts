// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { fitTo, wrap } from "./wrap";

const stream = (isTTY: boolean, columns?: number) => ({ write: () => undefined, isTTY, columns });

describe("wrap", () => {
  it("breaks prose at blanks and keeps lines that fit", () => {
    expect(wrap("short\n\none two three four five six", 20)).toBe("short\n\none two three four\nfive six");
  });

  it("continues an indented line two columns further in", () => {
    expect(wrap("  one two three four five", 20)).toBe("  one two three four\n    five");
  });

  it("continues a description below the description", () => {
    expect(wrap("ledger  one two three four", 20)).toBe("ledger  one two\n        three four");
    expect(wrap("TABLE  ID FIELD  DOCUMENTS", 20)).toBe(
      "TABLE  ID FIELD \n       DOCUMENTS".replace(" \n", "\n"),
    );
  });

  it("puts a description under its term where the term leaves no room", () => {
    expect(wrap("  --a-long-flag <x>   one two three four", 24)).toBe(
      "  --a-long-flag <x>\n      one two three four",
    );
  });

  it("never breaks a word, since paths and hashes are copied", () => {
    expect(wrap(`see ${"x".repeat(30)} there`, 20)).toBe(`see\n${"x".repeat(30)}\nthere`);
  });

  it("counts no colours", () => {
    expect(wrap("\u001b[31merror:\u001b[39m twelve more", 20)).toBe("\u001b[31merror:\u001b[39m twelve more");
  });

  it("continues a shell command so that it can be pasted, and breaks nothing within quotes", () => {
    expect(wrap("  ledger-loader ledger query cars 'SELECT  * FROM Car' --json", 40)).toBe(
      "  ledger-loader ledger query cars \\\n    'SELECT  * FROM Car' --json",
    );
    expect(wrap("  A=b ledger-loader redrive letters.jsonl --ledger cars", 40)).toBe(
      "  A=b ledger-loader redrive \\\n    letters.jsonl --ledger cars",
    );
    expect(wrap("  zcat x.gz | ledger-loader load - --to ledger:cars", 40)).toBe(
      "  zcat x.gz | ledger-loader load - \\\n    --to ledger:cars",
    );
  });
});

describe("fitTo", () => {
  const text = "word ".repeat(40).trimEnd();
  const longest = (shown: string): number => Math.max(...shown.split("\n").map((line) => line.length));

  it("wraps at the terminal's width, at 80 where the terminal tells none", () => {
    expect(longest(fitTo(stream(true, 40), text))).toBeLessThanOrEqual(40);
    expect(longest(fitTo(stream(true, 0), text))).toBeLessThanOrEqual(80);
    expect(longest(fitTo(stream(true), text))).toBeGreaterThan(70);
  });

  it("changes nothing for a file or pipe", () => {
    expect(fitTo(stream(false, 40), text)).toBe(text);
  });
});
