// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { decodeIonValues, toIonText, UnencodableValueError } from "@ledger-loader/ion";
import { dom } from "ion-js";

describe("toIonText", () => {
  it.each([
    `[null,null.struct,true,12,-340282366920938463463374607431768211456,1.50,-0d3,0.00000,1d10,2.5e0,+inf,nan]`,
    `[2020-02T,2020-02-29T23:59Z,2020-02-29T23:59:59.999-08:00,{{aGVsbG8=}},{{"clob\\xff"}}]`,
    `a::'b c'::{'d e':(f '+' g),h:"é😀\\n\\t\\\\",i:"long",i:2,j:[],'':'','null':'true'}`,
    `{'$ion_symbol_table':'$10','a b':"null"}`,
  ])("writes each type as it is read: %s", (text) => {
    const [value = new dom.Null()] = decodeIonValues(text);
    expect(toIonText(value)).toBe(text);
    expect(decodeIonValues(toIonText(value))[0]?.ionEquals(value)).toBe(true);
  });

  it.each([
    ["a value", dom.Value.from({ a: "x\ud800y" })],
    ["a field's name", dom.Value.from({ "x\udc00": 1 })],
    ["an annotation", dom.Value.from(1, ["\ud83d"])],
  ])("refuses half a surrogate pair in %s by its own error", (_place, value) => {
    expect(() => toIonText(value)).toThrow(UnencodableValueError);
  });
});
