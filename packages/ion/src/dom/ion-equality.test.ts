// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { equalIon, equalIonByValue } from "@ledger-loader/ion";
import { load } from "ion-js";

const compare = (equal: typeof equalIon, a: string, b: string): boolean => equal(load(a)!, load(b)!);

describe("equalIonByValue", () => {
  it.each([
    ["1.50", "1.5"],
    ["2.0", "2"],
    ["1500", "15d2"],
    ["-0.0", "0"],
    ["-120", "-12d1"],
    ["{a:[{b:1.50}],c:(2.0 3)}", "{c:(2 3.0),a:[{b:1.5}]}"],
    ["x::1.0", "x::1"],
    ["1d1000000", "10d999999"],
  ])("takes %s for equal to %s, which differ in form", (a, b) => {
    expect(compare(equalIonByValue, a, b)).toBe(true);
    expect(compare(equalIon, a, b)).toBe(false);
  });

  it.each([
    ["1.5", "1.51"],
    ["15", "1.5"],
    ["100", "1000"],
    ["-1", "1"],
    ["1.5", "1.5e0"],
    ["x::1.0", "1"],
    ["null.int", "0"],
    ["null.int", "null.decimal"],
    ['"1.50"', '"1.5"'],
    ["[1]", "[1.0,1]"],
  ])("takes %s for another value than %s", (a, b) => {
    expect(compare(equalIonByValue, a, b)).toBe(false);
  });
});
