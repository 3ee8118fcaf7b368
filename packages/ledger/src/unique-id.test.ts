// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import { expect, it } from "@jest/globals";
import { derivedUniqueId, newUniqueId } from "./unique-id";

it("makes ids of 22 base62 characters, no two alike", () => {
  const ids = Array.from({ length: 1000 }, newUniqueId);
  expect(new Set(ids).size).toBe(1000);
  for (const id of ids) expect(id).toMatch(/^[0-9A-Za-z]{22}$/);
});

it("derives ids that are the first 128 bits of a hash in base62", () => {
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  for (let ordinal = 0; ordinal < 50; ordinal++) {
    const id = derivedUniqueId("transaction", "index", ordinal);
    const value = Array.from(id).reduce((sum, digit) => sum * 62n + BigInt(alphabet.indexOf(digit)), 0n);
    const hash = createHash("sha256").update(`index:transaction:${ordinal}`).digest("hex");
    expect(value.toString(16).padStart(32, "0")).toBe(hash.slice(0, 32));
  }
});
