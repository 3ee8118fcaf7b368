// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { parseIdentifier } from "@ledger-loader/core";
import { idFieldFinder } from "@ledger-loader/move";

const Vehicle = parseIdentifier("Vehicle");
const Person = parseIdentifier("Person");

it("finds a table's own field, that of * for the others, and the loader's own where there is none", () => {
  const find = idFieldFinder({ Vehicle: "vin", "*": "key" });
  expect([find(Vehicle), find(Person)]).toEqual(["vin", "key"]);
  expect(idFieldFinder({ Vehicle: "vin" })(Person)).toBe("oldDocumentId");
});
