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
    ["the Java loader's form", "# who is who\nVehicle=VIN\n*=key\n"],
    ["other separators, blanks and line ends", "\uFEFF! others\r\n\r\n  Vehicle : VIN \r\n*\tkey"],
    ["a key twice: the last counts", "Vehicle=id\nVehicle = VIN\n* = key"],
  ])("reads properties: %s", (_, text) => {
    expect(parseIdFields(text, "table-map.properties")).toEqual({ Vehicle: "VIN", "*": "key" });
  });

  it.each([
    ["Vehicle", /a line that is not TABLE=FIELD/],
    ['{"Vehicle": "VIN"}', /which cannot be a table/],
    ["Vehicle=V\\u0049N", /a line that is not TABLE=FIELD/],
    ["Vehicle=two words", /a line that is not TABLE=FIELD/],
    ["Vehicle=", /"", which cannot be a field/],
    ["a.b=VIN", /"a\.b", which cannot be a table/],
  ])("refuses %s as properties", (text, why) => {
    expect(() => parseIdFields(text, "/etc/table-map.properties")).toThrow(MappingError);
    expect(() => parseIdFields(text, "/etc/table-map.properties")).toThrow(why);
  });

  it.each([
    ["{", /as JSON or Ion, or <table>=<field> as Java properties, in map\.json, found what is neither/],
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
