// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { compareHashes, dot, merkleRoot } from "@ledger-loader/journal";
import { sha256 } from "@ledger-loader/ion";
import * as fc from "fast-check";

const arbitraryHash = fc.uint8Array({ minLength: 32, maxLength: 32 });

it("orders by signed bytes, the last byte first", () => {
  const low = new Uint8Array(32).fill(0x7f);
  const high = new Uint8Array(32).fill(0x7f);
  low[31] = 0x80; // -128
  expect(compareHashes(low, high)).toBeLessThan(0);
  low[31] = 0x7f;
  low[0] = 0xff; // -1, looked at last
  expect(compareHashes(low, high)).toBeLessThan(0);
  expect(compareHashes(high, high)).toBe(0);
});

it("gives the same hash in either order and hashes the smaller one first", () => {
  fc.assert(
    fc.property(arbitraryHash, arbitraryHash, (a, b) => {
      const ordered = compareHashes(a, b) < 0 ? [a, b] : [b, a];
      expect(dot(a, b)).toEqual(sha256(Buffer.concat(ordered)));
      expect(dot(b, a)).toEqual(dot(a, b));
    }),
  );
});

it("leaves a hash as it is when the other one is empty", () => {
  const hash = sha256(new Uint8Array(0));
  expect(dot(hash, new Uint8Array(0))).toBe(hash);
  expect(dot(new Uint8Array(0), hash)).toBe(hash);
});

it("moves an odd last node up unchanged", () => {
  const [a, b, c] = [1, 2, 3].map((n) => sha256(Uint8Array.of(n))) as [Uint8Array, Uint8Array, Uint8Array];
  expect(merkleRoot([a, b, c])).toEqual(dot(dot(a, b), c));
  expect(merkleRoot([a])).toBe(a);
  expect(merkleRoot([])).toHaveLength(0);
});
