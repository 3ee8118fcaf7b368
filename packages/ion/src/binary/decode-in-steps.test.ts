// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import type { dom } from "ion-js";
import { toIonText } from "../dom/ion-text";
import { transcodeToBinary } from "../text/transcode-to-binary";
import { decodeInSteps, decodeIon } from "./decode-ion";
import { hashInSteps, hashIon } from "../hash/hash-ion";
import { readSingleValue } from "./ion-stream";
import { validateIon } from "./validate-ion";

/** How often it pauses, and what comes of it. */
function inSteps(ion: Uint8Array, bytes: number): [number, dom.Value] {
  return run(decodeInSteps(readSingleValue(ion), bytes));
}

function run<T>(steps: Iterator<undefined, T>): [number, T] {
  let pauses = 0;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return [pauses, step.value];
    pauses += 1;
  }
}

/** A list, a struct and a wrapper with padding in them, of lengths that a step does and does not reach. */
const PADDED = Uint8Array.from([
  ...[0xe0, 0x01, 0x00, 0xea, 0xbe, 0x95],
  ...[0x03, 0, 0, 0, 0x21, 1],
  ...[0xda, 0x84, 0x03, 0, 0, 0, 0x85, 0x21, 2, 0x86, 0x10],
  ...[0xe3, 0x81, 0x84, 0x20],
]);

const CASES: readonly (readonly [string, Uint8Array, number])[] = [
  ["a scalar", transcodeToBinary("a::5"), 1],
  ["a long text", transcodeToBinary(`"${"x".repeat(1000)}"`), 1],
  ["a null", transcodeToBinary("null.list"), 1],
  ["structs in lists", transcodeToBinary(`a::[${"{b: c::1, d: (e [f, [], {}])},".repeat(50)}]`), 401],
  ["fields of one name", transcodeToBinary(`{${"a: [1, 2], b: {},".repeat(100)}}`), 401],
  ["deep lists", transcodeToBinary(`${"[0, ".repeat(300)}x${"]".repeat(300)}`), 601],
  ["deep structs", transcodeToBinary(`${"{a: b::".repeat(200)}1${"}".repeat(200)}`), 201],
  ["padding", PADDED, 6],
];

describe("Ion binary read in steps", () => {
  it.each(CASES)("gives the same as at one go: %s", (_, ion) => {
    const whole = toIonText(decodeIon(ion));
    for (const bytes of [0, 1, 5, 64]) expect(toIonText(inSteps(ion, bytes)[1])).toBe(whole);
    expect(inSteps(ion, Infinity)[0]).toBe(0);
  });

  it.each(CASES)("hashes to the same as at one go: %s", (_, ion) => {
    const whole = hashIon(ion);
    for (const bytes of [0, 1, 5, 64])
      expect(run(hashInSteps(readSingleValue(ion), bytes))[1]).toEqual(whole);
    expect(run(hashInSteps(readSingleValue(ion), Infinity))).toEqual([0, whole]);
  });

  it("hashes many fields to the same as at one go, while others are hashed", () => {
    const fields = Array.from({ length: 5000 }, (_, i) => `f${i % 3000}: {a: ${i}, b: [${i}]}`);
    const ion = transcodeToBinary(`{a: {${fields.join(",")}}, b: [{${fields.reverse().join(",")}}]}`);
    const whole = hashIon(ion);
    const steps = hashInSteps(readSingleValue(ion), 1000);
    const other = hashIon(transcodeToBinary("{a: 1}"));
    let step = steps.next();
    for (; step.done !== true; step = steps.next())
      expect(hashIon(transcodeToBinary("{a: 1}"))).toEqual(other);
    expect(step.value).toEqual(whole);
  });

  it.each(CASES)("has as many values as are counted: %s", (_, ion, count) => {
    expect(validateIon(readSingleValue(ion))).toBe(count);
  });

  it.each([
    ["small values", `[${"0,".repeat(5000)}]`],
    ["small values in a list in a struct", `{a: [[${"{},".repeat(5000)}]]}`],
    ["small fields", `{${"a:0,".repeat(2500)}}`],
    ["lists of a step each", `[${`[${"0,".repeat(99)}],`.repeat(50)}]`],
  ])("pauses as often as the binary is long: %s", (_, text) => {
    const ion = transcodeToBinary(text);
    const [pauses] = inSteps(ion, 100);
    expect(pauses).toBeGreaterThanOrEqual(45);
    expect(pauses).toBeLessThanOrEqual(ion.length / 50);
    const [hashPauses] = run(hashInSteps(readSingleValue(ion), 100));
    expect(hashPauses).toBeGreaterThanOrEqual(45);
    expect(hashPauses).toBeLessThanOrEqual(ion.length / 50);
  });

  it("refuses what is cut short", () => {
    const ion = transcodeToBinary("[[1, 2, 3], {a: 4}]").subarray(0, -2);
    expect(() => inSteps(ion, 1)).toThrow(/Expected/);
    expect(() => validateIon(readSingleValue(ion))).toThrow(/Expected/);
  });
});
