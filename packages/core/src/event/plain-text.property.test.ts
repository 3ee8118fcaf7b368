// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { createEvent, encodeEvent } from "@ledger-loader/core";
import { checkIonText, equalIon, readPlainText, toIonText, withExactJsonNumbers } from "@ledger-loader/ion";
import { arbitraryIon, arbitraryStruct, plainRuns } from "@ledger-loader/testkit";
import fc from "fast-check";
import { dumpText, IonTypes, loadAll, type dom } from "ion-js";

/** Reads as ion-js does, with the checks around it. */
function readFully(text: string): readonly dom.Value[] {
  checkIonText(text);
  return loadAll(withExactJsonNumbers(text));
}

/** True if the plain reader took the text; it MUST NOT take what it reads otherwise than ion-js. */
function isReadAlike(text: string): boolean {
  const found = readPlainText(text);
  if (found === undefined) return false;
  const expected = readFully(text);
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of found.entries()) {
    expect(equalIon(value, expected[i]!)).toBe(true);
    expect(namesOf(value)).toEqual(namesOf(expected[i]!));
    expect(dumpText(value)).toBe(dumpText(expected[i]!));
  }
  return true;
}

/** The names of all fields, in their order. */
function namesOf(value: dom.Value): readonly string[] {
  if (value.isNull()) return [];
  if (value.getType() === IonTypes.LIST) return value.elements().flatMap(namesOf);
  if (value.getType() !== IonTypes.STRUCT) return [];
  return value.allFields().flatMap(([name, values]) => [name, ...values.flatMap(namesOf)]);
}

const json = fc.oneof(
  fc.json({ maxDepth: 4, stringUnit: "binary" }),
  fc.json({ maxDepth: 4, stringUnit: "grapheme-composite" }),
);
const number = fc.oneof(
  fc.bigInt().map(String),
  fc.integer().map(String),
  fc.tuple(fc.bigInt(), fc.nat()).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.constantFrom(
    "-0",
    "0",
    "-0.0",
    "0.00",
    "00",
    "1.",
    ".5",
    "1e5",
    "1d5",
    "1_0",
    "0x1f",
    "+1",
    "-",
    "2020T",
  ),
);
const fragment = fc.constantFrom(
  ...Array.from("{}[]():,.\"'\\/ \n\t-+0123456789eEdDxu$_abz"),
  "::",
  "{{",
  "}}",
  "'''",
  "//",
  "/*",
  "null",
  "null.int",
  "true",
  "nan",
  "+inf",
  "$10",
  "\\ud800",
  "\\u0041",
  "\\x41",
  "\u0000",
  "\u007f",
  "\u0085",
  "\u2028",
  "\ufeff",
  "\ud800",
  "𝄞",
);

describe("readPlainText", () => {
  it("reads the events that a publisher sends, and the JSON that others send", () => {
    const data = {
      text: 'a "b" \\ \n ü 𝄞',
      int: -7,
      big: 2n ** 70n,
      list: [true, null, { deep: [] }],
      none: {},
    };
    const event = createEvent({ op: "INSERT", table: "T", id: "1", version: 0, data });
    const plain = { ...data, big: 1 };
    expect(isReadAlike(encodeEvent(event))).toBe(true);
    expect(isReadAlike(JSON.stringify({ op: "ANY", data: plain, price: 12.5 }, null, 2))).toBe(true);
    expect(isReadAlike(`{"a":1}\n{"a":2}\r\n`)).toBe(true);
    expect(isReadAlike("[{a:1,a:2},{b:12345678901234567890.10}]")).toBe(true);
  });

  it.each([
    "1",
    "a",
    "{a:b}",
    "{a:1e5}",
    "{a:2020-01-01}",
    "{a:{{}}}",
    "{a:x::1}",
    "{a:1,}",
    "[1",
    "{a:'b'}",
    "$ion_1_0 {}",
  ])("leaves %s to the full reader", (text) => {
    expect(readPlainText(text)).toBeUndefined();
  });

  it("reads any JSON as the full reader does", () => {
    fc.assert(fc.property(json, checkAlike), { numRuns: plainRuns(1000) });
  });

  it("reads any Ion as the full reader does", () => {
    const texts = fc.oneof(arbitraryIon, arbitraryStruct).map((value) => `[${toIonText(value)}]`);
    fc.assert(fc.property(texts, checkAlike), { numRuns: plainRuns(1000) });
  });

  it("reads any number as the full reader does", () => {
    fc.assert(
      fc.property(number, (text) => {
        checkAlike(`{a:[${text}],b:${text}}`);
      }),
      { numRuns: plainRuns(1000) },
    );
  });

  it("takes no text that the full reader refuses or reads otherwise, however it was damaged", () => {
    const sound = fc.oneof(json, arbitraryStruct.map(toIonText));
    fc.assert(
      fc.property(
        sound,
        fc.nat(),
        fc.nat(3),
        fc.array(fragment, { maxLength: 2 }),
        (text, place, cut, put) => {
          const at = text.length === 0 ? 0 : place % text.length;
          checkAlike(text.slice(0, at) + put.join("") + text.slice(at + cut));
        },
      ),
      { numRuns: plainRuns(5000) },
    );
  });
});

function checkAlike(text: string): void {
  isReadAlike(text);
}
