// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { encodeIon, hashIon, hashIonValue } from "@ledger-loader/journal";
import * as fc from "fast-check";
import { dumpBinary, makeReader } from "ion-js";
import { cryptoHasherProvider, makeHashReader } from "ion-hash-js";
import { arbitraryIon } from "../../test/arbitrary-ion";

/** The hash of the first value of Ion binary, by AWS's own implementation. */
function referenceHash(bytes: Uint8Array): string {
  const reader = makeHashReader(makeReader(bytes), cryptoHasherProvider("sha256"));
  reader.next();
  reader.next();
  return Buffer.from(reader.digest()).toString("hex");
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("hashIon", () => {
  it("equals ion-hash-js on values of every type, encoded by ion-js and by us", () => {
    fc.assert(
      fc.property(arbitraryIon, (value) => {
        const byIonJs = dumpBinary(value);
        const expected = referenceHash(byIonJs);
        expect(hex(hashIon(byIonJs))).toBe(expected);
        expect(hex(hashIon(encodeIon(value)))).toBe(expected);
        expect(hex(hashIonValue(value))).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});
