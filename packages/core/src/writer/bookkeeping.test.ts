// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { dumpText } from "ion-js";
import { type Bookkeeping, decodeBookkeeping, encodeBookkeeping } from "./bookkeeping";

describe("What is on record of a record", () => {
  it.each<[string, Bookkeeping]>([
    ["a life whose document was never seen", { lives: [{ firstVersion: 0 }], deletedVersion: 3 }],
    ["a life of a document", { lives: [{ firstVersion: 2, documentId: "d" }], firstVersion: 5 }],
    [
      "several lives",
      { lives: [{ firstVersion: 0, documentId: "a" }, { firstVersion: 4 }], position: [7n, 0n] },
    ],
  ])("is the same when it was read and is written again: %s", (_, bookkeeping) => {
    const written = encodeBookkeeping("key", bookkeeping);
    const again = encodeBookkeeping("key", decodeBookkeeping(written));
    expect(dumpText(again)).toBe(dumpText(written));
    expect(decodeBookkeeping(again)).toEqual(bookkeeping);
  });
});
