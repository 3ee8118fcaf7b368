// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { transcodeInSteps, transcodeToBinary } from "./transcode-to-binary";

/** How often it pauses, and what comes of it. */
function inSteps(text: string, characters: number): [number, Uint8Array] {
  const steps = transcodeInSteps(text, characters);
  let pauses = 0;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return [pauses, step.value];
    pauses += 1;
  }
}

const TEXTS = [
  "null",
  "  /* before */ 'a b'::c::[1, 2e0, {x: (+ a::b), y: d::{}}, [],] // after",
  '$ion_1_0 $ion_symbol_table::{symbols:["p", "q"]} $ion_1_0 $ion_symbol_table::{symbols:["r"]} {$10: $ion_symbol_table::{}}',
  "(a::() b (c::[d::{e: f::(-)}]))",
  "[{{ aGk= }}, {{ \"clob\" }}, '''long ''' '''text''', {'quoted': \"x\", \"y\": null.int}]",
  "a::null.struct",
];

describe("Ion text read in steps", () => {
  it.each(TEXTS)("gives the same as at one go: %s", (text) => {
    const whole = transcodeToBinary(text);
    for (const characters of [1, 3, 10]) expect(inSteps(text, characters)[1]).toEqual(whole);
    expect(inSteps(text, Infinity)).toEqual([0, whole]);
  });

  it.each([
    ["a flat list", `[${"1,".repeat(5000)}]`],
    ["lists in lists", `[${"[".repeat(400)}${"0,".repeat(4600)}${"]".repeat(400)}]`],
    ["small structs", `[${"{a:b::1},".repeat(1100)}]`],
    ["symbol tables", `${"$ion_symbol_table::{symbols:[a]} ".repeat(300)} 0`],
  ])("pauses as often as the text is long: %s", (_, text) => {
    const [pauses] = inSteps(text, 1000);
    expect(pauses).toBeGreaterThanOrEqual(8);
    expect(pauses).toBeLessThanOrEqual(text.length / 1000 + 2);
  });

  it.each([
    ["no value", " ", /found none/],
    ["two values", "1 2", /found several/],
    ["what is no Ion", "[1, 2 3]", /a comma or the end of the container at character 6/],
    ["an open container", "{a: [1,", /a value at character 7/],
    ["too many containers", "[".repeat(501), /nested at most 500 deep/],
  ])("refuses %s as at one go", (_, text, message) => {
    expect(() => transcodeToBinary(text)).toThrow(message);
    expect(() => inSteps(text, 2)).toThrow(message);
  });
});
