// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { parseIdentifier } from "@ledger-loader/core";
import { idFieldFinder, MappingError, parseIdFields } from "@ledger-loader/move";

const Vehicle = parseIdentifier("Vehicle");
const Person = parseIdentifier("Person");

describe("parseIdFields", () => {
  it("maps tables to fields, with * for the others and the loader's own field where there is none", () => {
    const find = idFieldFinder(parseIdFields('{"Vehicle": "vin", "*": "key"}', "map.json"));
    expect([find(Vehicle), find(Person)]).toEqual(["vin", "key"]);
    expect(idFieldFinder(parseIdFields('{"Vehicle": "vin"}', "map.json"))(Person)).toBe("oldDocumentId");
  });

  it.each([
    ["{", /no JSON/],
    ["[]", /no object/],
    ['{"Vehicle": 1}', /no field name for "Vehicle"/],
    ['{"Vehicle": "a b"}', /"a b", which cannot be a field/],
    ['{"T; DROP": "a"}', /"T; DROP", which cannot be a table/],
  ])("refuses %s and says why and where", (json, why) => {
    expect(() => parseIdFields(json, "map.json")).toThrow(MappingError);
    expect(() => parseIdFields(json, "map.json")).toThrow(why);
    expect(() => parseIdFields(json, "map.json")).toThrow(/map\.json/);
  });
});
