// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { MappingError, parseIdFields } from "@ledger-loader/core";

describe("parseIdFields", () => {
  it.each([
    ["JSON", '{"Vehicle": "VIN", "*": "key"}'],
    [
      "JSON with comments and a byte order mark",
      '\uFEFF// who is who\n{"Vehicle": "VIN", /* others */ "*": "key"}',
    ],
    ["Ion", "{Vehicle: VIN, '*': \"key\"}"],
  ])("reads %s", (_, text) => {
    expect(parseIdFields(text, "map.json")).toEqual({ Vehicle: "VIN", "*": "key" });
  });

  it.each([
    ["{", /as JSON or Ion in map\.json, found what is neither/],
    ["[]", /no object/],
    ["", /no object/],
    ['{"Vehicle": 1}', /no field name for "Vehicle"/],
    ['{"Vehicle": "a b"}', /"a b", which cannot be a field/],
    ['{"T; DROP": "a"}', /"T; DROP", which cannot be a table/],
  ])("refuses %s and says why and where", (text, why) => {
    expect(() => parseIdFields(text, "map.json")).toThrow(MappingError);
    expect(() => parseIdFields(text, "map.json")).toThrow(why);
    expect(() => parseIdFields(text, "map.json")).toThrow(/map\.json/);
  });
});
