// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Timestamp } from "ion-js";
import { FORMAT_SYMBOLS } from "./format-symbols";
import { Problem } from "./problem";
import { readTimestamp } from "./read-timestamp";
import { formatTimestamp } from "./timestamp-format";
import { partsOf } from "./timestamp-parts";

/** Formats of a whole time: one symbol per field, in any order, between texts that no symbol reads. */
const wholeFormat = fc
  .tuple(
    fc.constantFrom("yyyy", "y"),
    fc.constantFrom("M", "MM", "MMM", "MMMM"),
    fc.constantFrom("d", "dd"),
    fc.constantFrom("H", "HH", "h a", "a hh"),
    fc.constantFrom("m", "mm"),
    fc.constantFrom("s", "ss"),
    fc.constantFrom("SSSSSSSSS", "n"),
    fc.constantFrom("X", "XX", "XXX", "XXXX", "XXXXX", "x", "xx", "xxx", "xxxx", "xxxxx"),
  )
  .chain((symbols) => fc.shuffledSubarray(symbols, { minLength: symbols.length }))
  .chain((symbols) => fc.constantFrom("/", " ", "'T'", "''", "'yMd'").map((text) => symbols.join(text)));

/** From the year 1000, because `yyyy` reads four digits; the offset is known, because formats cannot write an unknown one. */
const time = fc
  .record({
    date: fc.date({
      min: new Date("1000-01-02T00:00:00Z"),
      max: new Date("9999-12-30T00:00:00Z"),
      noInvalidDate: true,
    }),
    nanoseconds: fc.integer({ min: 1, max: 999_999_999 }),
    offset: fc.integer({ min: -1439, max: 1439 }),
  })
  .map(({ date, nanoseconds, offset }) => {
    const sign = offset < 0 ? "-" : "+";
    const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
    const fraction = String(nanoseconds).padStart(9, "0").replace(/0+$/, "");
    const zone = `${sign}${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
    return Timestamp.parse(`${date.toISOString().slice(0, 19)}.${fraction}${zone}`)!;
  });

function textOf(result: Timestamp | Problem): string {
  return result instanceof Problem ? result.found : result.toString();
}

describe("a time that is written in a format", () => {
  it("is read from that text in the same format", () => {
    fc.assert(
      fc.property(time, wholeFormat, (timestamp, format) => {
        const text = formatTimestamp(partsOf(timestamp), format);
        if (text instanceof Problem) throw new Error(text.found);
        expect(textOf(readTimestamp(text, format))).toBe(timestamp.toString());
      }),
      { numRuns: 500 },
    );
  });
});

describe("any format", () => {
  const anyFormat = fc.array(
    fc.oneof(
      fc.constantFrom(...Object.keys(FORMAT_SYMBOLS)),
      fc.constantFrom("'", "''", "[", "\\", "^", "$", "*", "(", "Q", "constructor", "\n", "😀"),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
    { maxLength: 12 },
  );

  it("reads a time or tells the problem, whatever the text", () => {
    fc.assert(
      fc.property(anyFormat, fc.string({ unit: "binary" }), (items, text) => {
        const result = readTimestamp(text, items.join(""));
        expect(result instanceof Timestamp || result instanceof Problem).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("is refused if it has more than 1000 characters", () => {
    const atLimit = `y${" ".repeat(999)}`;
    expect(textOf(readTimestamp(`2020${" ".repeat(999)}`, atLimit))).toBe("2020T");
    expect(readTimestamp("2020", `${atLimit} `)).toEqual(
      new Problem("a format with more than 1000 characters"),
    );
    expect(formatTimestamp(partsOf(Timestamp.parse("2020T")!), `${atLimit} `)).toBeInstanceOf(Problem);
  });
});
