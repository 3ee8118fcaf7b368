// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { type IonSlice, readSingleValue, transcodeToBinary } from "@ledger-loader/ion";
import { compareDocuments } from "./compare-documents";

const ion = (text: string | undefined): IonSlice | undefined =>
  text === undefined ? undefined : readSingleValue(transcodeToBinary(text));

describe("compareDocuments", () => {
  it.each<[string | undefined, string | undefined, string[]]>([
    ["{a: 1}", "{a: 1}", []],
    ["{a: 1, b: 2}", "{b: 2, a: 1}", []],
    ["{a: 1}", "{a: 1.0}", ["a: 1 -> 1.0"]],
    ["{a: 1}", "{b: 1}", ["b:  -> 1", "a: 1 -> "]],
    ["{a: {b: [1, 2]}}", "{a: {b: [1, 3, 4]}}", ["a.b[1]: 2 -> 3", "a.b[2]:  -> 4"]],
    ["{a: []}", "{a: [1]}", ["a[0]:  -> 1", "a: [] -> "]],
    ["{a: x::{b: 1}}", "{a: y::{b: 1}}", ["a: x::{b:1} -> y::{b:1}"]],
    ["{a: null.struct}", "{a: null.list}", ["a: null.struct -> null.list"]],
    ["{a: 1, a: 2}", "{a: 1, a: 3}", ["a (2): 2 -> 3"]],
    [undefined, "{a: 1}", ["a:  -> 1"]],
    ["{a: 1}", undefined, ["a: 1 -> "]],
    ["{}", "1", [": {} -> 1"]],
  ])("finds from %s to %s: %j", (before, after, changes) => {
    expect(
      compareDocuments(ion(before), ion(after)).map(
        ({ path, before: old = "", after: now = "" }) => `${path}: ${old} -> ${now}`,
      ),
    ).toEqual(changes);
  });
});
