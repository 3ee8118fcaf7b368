// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { dumpText } from "ion-js";
import { toIon } from "./attribute-value";
import { toItemId } from "./item-id";

const base64 = (content: string) => Buffer.from(content).toString("base64");

describe("An attribute becomes Ion", () => {
  it.each([
    ["a string", { S: "Ada" }, '"Ada"'],
    ["an empty string", { S: "" }, '""'],
    ["an int", { N: "42" }, "42"],
    ["a negative zero", { N: "-0" }, "0"],
    [
      "an int of 38 digits",
      { N: "12345678901234567890123456789012345678" },
      "12345678901234567890123456789012345678",
    ],
    ["a fraction", { N: "-1.50" }, "-1.5"],
    [
      "digits that a double cannot hold",
      { N: "12345678901234567890.123456789" },
      "12345678901234567890.123456789",
    ],
    ["a small number", { N: "1E-130" }, "1d-130"],
    ["a large number", { N: "1.2E+3" }, "1200"],
    ["a binary", { B: base64("bytes") }, "{{Ynl0ZXM=}}"],
    ["an empty binary", { B: "" }, "{{}}"],
    ["a boolean", { BOOL: false }, "false"],
    ["null", { NULL: true }, "null"],
    ["a map", { M: { a: { N: "1" }, b: { M: {} } } }, "{a:1,b:{}}"],
    [
      "a map with any names",
      { M: { __proto__x: { N: "1" }, constructor: { S: "c" } } },
      '{__proto__x:1,constructor:"c"}',
    ],
    ["a list of several types", { L: [{ S: "a" }, { NULL: true }, { L: [] }] }, '["a",null,[]]'],
    ["a set of strings, sorted", { SS: ["b", "a"] }, 'SS::["a","b"]'],
    ["a set of numbers, sorted as numbers", { NS: ["10", "9", "-1.5"] }, "NS::[-1.5,9,10]"],
    ["a set of binaries, sorted", { BS: [base64("b"), base64("a")] }, "BS::[{{YQ==}},{{Yg==}}]"],
  ])("%s", (_, attribute, ion) => {
    expect(dumpText(toIon(attribute, "annotated"))).toBe(ion);
  });

  it("keeps an attribute that is called __proto__", () => {
    const attribute: unknown = JSON.parse('{"M":{"__proto__":{"S":"kept"}}}');
    expect(toIon(attribute, "annotated").get("__proto__")?.stringValue()).toBe("kept");
  });

  it("leaves the annotation of sets out if asked to", () => {
    expect(dumpText(toIon({ SS: ["b", "a"] }, "plain"))).toBe('["a","b"]');
  });

  it.each([
    ["no type", {}],
    ["two types", { S: "a", N: "1" }],
    ["an unknown type", { X: "a" }],
    ["a name from Object's prototype", { toString: "a" }],
    ["nothing", null],
    ["a bare string", "secret"],
    ["a number that is none", { N: "secret" }],
    ["a number as JSON's number", { N: 1 }],
    ["a number far out of DynamoDB's range", { N: "1E999" }],
    ["a string that is none", { S: null }],
    ["a binary that is not base64", { B: "secret!" }],
    ["a boolean that is none", { BOOL: "secret" }],
    ["a null that is false", { NULL: false }],
    ["a list that is none", { L: { S: "secret" } }],
    ["a set with a member of another type", { SS: [1] }],
  ])("but not %s, of which the message repeats nothing", (_, attribute) => {
    const convert = () => toIon(attribute, "annotated");
    expect(convert).toThrow(expect.objectContaining({ code: "INVALID_EVENT" }));
    expect(convert).not.toThrow(/secret/);
  });
});

describe("A key becomes an id", () => {
  it.each([
    ["a string", { id: { S: "p1" } }, '"p1"'],
    ["an int", { id: { N: "7" } }, "7"],
    ["a number with a fraction, in plain notation", { id: { N: "25E-1" } }, '"2.5"'],
    ["a negative fraction", { id: { N: "-0.05" } }, '"-0.05"'],
    ["a binary", { id: { B: base64("k") } }, "{{aw==}}"],
    [
      "two attributes, in the order of their names and with numbers in one notation",
      { year: { N: "2.015E3" }, artist: { S: 'No "One"' } },
      String.raw`"{\"artist\":{\"S\":\"No \\\"One\\\"\"},\"year\":{\"N\":\"2015\"}}"`,
    ],
    [
      "names like numbers",
      { "2": { S: "b" }, "10": { S: "a" } },
      String.raw`"{\"10\":{\"S\":\"a\"},\"2\":{\"S\":\"b\"}}"`,
    ],
  ])("%s", (_, keys, id) => {
    expect(dumpText(toItemId(keys))).toBe(id);
  });

  it.each([
    ["no attribute", {}],
    ["three attributes", { a: { S: "" }, b: { S: "" }, c: { S: "" } }],
    ["a boolean", { id: { BOOL: true } }],
    ["two values", { id: { S: "a", N: "1" } }],
    ["nothing", { id: null }],
  ])("but not %s", (_, keys) => {
    expect(() => toItemId(keys)).toThrow(expect.objectContaining({ code: "INVALID_EVENT" }));
  });
});
