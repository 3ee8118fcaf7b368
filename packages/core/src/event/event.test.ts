// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import { expect, it } from "@jest/globals";
import { anEvent } from "@ledger-loader/testkit";
import { orderingKey, recordKey } from "./event";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64url");

it("keeps a record's events in order by a hash of its table and id, whatever else they say", () => {
  const key = sha256("Vehicle\nstring:v1");
  expect(recordKey(anEvent({ id: "v1" }))).toBe(key);
  expect(orderingKey(anEvent({ id: "v1" }))).toBe(key);
  expect(orderingKey(anEvent({ id: "v1", op: "DELETE", version: 7 }))).toBe(key);
  expect(orderingKey(anEvent({ id: "v1", table: "Person" }))).not.toBe(key);
});

it("keeps a group's events in order, across records and without ids, by a hash that no record has", () => {
  const key = sha256('["group","g"]');
  expect(orderingKey(anEvent({ id: "v1", group: "g" }))).toBe(key);
  expect(orderingKey(anEvent({ id: undefined, version: undefined, group: "g" }))).toBe(key);
  expect(orderingKey(anEvent({ id: "v1", group: "" }))).toBe(sha256('["group",""]'));
});

it("knows no order among events without id and group", () => {
  expect(orderingKey(anEvent({ id: undefined, version: undefined }))).toBeUndefined();
});
