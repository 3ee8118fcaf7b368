// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { createEvent, decodeEvents, encodeEvent, equalIon } from "@ledger-loader/core";
import {
  checkIonText,
  decodeIonValues,
  MalformedIonError,
  freezeIon,
  ionSizeAtMost,
  toIonText,
} from "@ledger-loader/ion";
import fc from "fast-check";
import { cryptoHasherProvider, makeHashReader } from "ion-hash-js";
import { dom, dumpBinary, load, makeReader } from "ion-js";
import { arbitraryIon, arbitraryStruct, plainRuns } from "@ledger-loader/testkit";

function hashOf(value: dom.Value): string {
  const reader = makeHashReader(makeReader(dumpBinary(value)), cryptoHasherProvider("sha256"));
  reader.next();
  reader.next();
  return Buffer.from(reader.digest()).toString("hex");
}

describe("equalIon", () => {
  it("finds values equal exactly when their Ion hashes are", () => {
    fc.assert(
      fc.property(arbitraryIon, arbitraryIon, (a, b) => {
        expect(equalIon(a, b)).toBe(hashOf(a) === hashOf(b));
      }),
      { numRuns: plainRuns(2000) },
    );
  });

  it("finds a value equal to itself after a round through binary, frozen or not", () => {
    fc.assert(
      fc.property(arbitraryIon, (value) => {
        const copy = load(dumpBinary(value))!;
        freezeIon(value);
        expect(equalIon(value, copy)).toBe(true);
        expect(equalIon(copy, value)).toBe(true);
      }),
    );
  });

  it.each([
    ["[1]", "(1)"],
    ["-0.", "0."],
    ["-0e0", "0e0"],
    ["1.0", "1.00"],
    ["{a:1,a:2}", "{a:1,a:1}"],
    ["null", "null.int"],
    ["a::1", "1"],
    ['"a"', "a"],
  ])("tells %s from %s", (a, b) => {
    expect(equalIon(load(a)!, load(b)!)).toBe(false);
  });
});

describe("ionSizeAtMost", () => {
  it("is never less than the size in binary", () => {
    fc.assert(
      fc.property(arbitraryIon, (value) => {
        expect(ionSizeAtMost(value)).toBeGreaterThanOrEqual(dumpBinary(value).length);
      }),
      { numRuns: plainRuns(500) },
    );
  });
});

describe("The checks before decoding", () => {
  it("accept everything that is well formed, text and binary", () => {
    fc.assert(
      fc.property(arbitraryIon, arbitraryIon, (a, b) => {
        const binary = decodeIonValues(Buffer.concat([dumpBinary(a), dumpBinary(b)]));
        expect(binary.map((value, i) => equalIon(value, [a, b][i]!))).toEqual([true, true]);
        const text = `${toIonText(a)} ${toIonText(b)}`;
        checkIonText(text);
        expect(decodeIonValues(text).map((value, i) => equalIon(value, [a, b][i]!))).toEqual([true, true]);
      }),
      { numRuns: plainRuns(500) },
    );
  });

  it("reject binary that ends anywhere but at the end of a value", () => {
    fc.assert(
      fc.property(arbitraryStruct, fc.constantFrom(1, 2), (value, cut) => {
        const bytes = dumpBinary(new dom.List([new dom.List([value])]));
        expect(() => {
          decodeIonValues(bytes.subarray(0, bytes.length - cut));
        }).toThrow(MalformedIonError);
      }),
    );
  });
});

describe("encodeEvent", () => {
  it("is undone by decodeEvents, whatever the document", () => {
    fc.assert(
      fc.property(arbitraryStruct, fc.nat(), (data, version) => {
        const event = createEvent({ op: "ANY", table: "T", id: "a", version, data });
        const decoded = decodeEvents(encodeEvent(event)).events[0]?.event;
        expect(decoded).toMatchObject({ op: "ANY", table: "T", version });
        expect(equalIon(decoded!.data!, data)).toBe(true);
      }),
    );
  });
});
