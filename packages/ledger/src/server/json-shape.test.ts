// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { JsonShape } from "./json-shape";

/** Adds a text in pieces of one byte and of a thousand. */
function shapesOf(text: string): (() => void)[] {
  return [1, 1000].map((size) => () => {
    const shape = new JsonShape();
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += size) shape.add(bytes.subarray(at, at + size));
  });
}

describe("The shape of a JSON body", () => {
  it.each([
    ["a driver's request", JSON.stringify({ a: { b: [{ IonText: '[[["\\' }] } })],
    ["brackets and commas in strings", JSON.stringify("[,".repeat(300_000))],
    ["a string that ends with an escaped quote", JSON.stringify(`${"[".repeat(50)}"`)],
    ["100,000 parameters", `[${'{"a":0},'.repeat(50_000)}0]`],
  ])("lets pass %s", (_, text) => {
    for (const add of shapesOf(text)) expect(add).not.toThrow();
  });

  it.each([
    ["lists", "[".repeat(33), /nested at most 32/],
    ["objects", '{"a":'.repeat(33), /nested at most 32/],
    ["lists behind a string with quotes", `["\\"",${"[".repeat(33)}`, /nested at most 32/],
    ["commas", `[${"0,".repeat(200_001)}`, /at most 200000 values/],
    ["containers", `[${"[]".repeat(200_001)}`, /at most 200000 values/],
  ])("refuses too many %s", (_, text, message) => {
    for (const add of shapesOf(text)) expect(add).toThrow(message);
  });
});
