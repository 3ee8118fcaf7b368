// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { decodeIon } from "./decode-ion";
import { encodeIon } from "./encode-ion";
import { hashIon } from "../hash/hash-ion";
import { readSingleValue } from "./ion-stream";
import { isVersionMarker } from "./type-code";
import { validateIon } from "./validate-ion";
import { MalformedIonError } from "../ion-errors";
import { transcodeToBinary } from "../text/transcode-to-binary";
import { arbitraryIon } from "../../test/arbitrary-ion";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { plainRuns } from "@ledger-loader/testkit";
import * as fc from "fast-check";
import { dumpBinary, dumpText, load } from "ion-js";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const hashOf = (bytes: Uint8Array): string => hex(hashIon(bytes));

describe("Ion binary and text", () => {
  it("decodes what it encoded to the same value, and encodes that to the same bytes", () => {
    fc.assert(
      fc.property(arbitraryIon, (value) => {
        const bytes = encodeIon(value);
        expect(hex(encodeIon(decodeIon(bytes)))).toBe(hex(bytes));
        expect(hex(encodeIon(value))).toBe(hex(bytes));
      }),
      { numRuns: plainRuns(300) },
    );
  });

  it("writes what ion-js reads, and reads what ion-js writes", () => {
    fc.assert(
      fc.property(arbitraryIon, (value) => {
        const bytes = encodeIon(value);
        expect(hashOf(dumpBinary(load(bytes)!))).toBe(hashOf(bytes));
        expect(hex(encodeIon(decodeIon(dumpBinary(value))))).toBe(hex(bytes));
      }),
      { numRuns: plainRuns(300) },
    );
  });

  it("transcodes the text that ion-js writes without loss", () => {
    fc.assert(
      fc.property(arbitraryIon, (value) => {
        const text = dumpText(value);
        const binary = transcodeToBinary(text);
        expect(hashOf(binary)).toBe(hashOf(encodeIon(value)));
        expect(hex(transcodeToBinary(Buffer.from(text)))).toBe(hex(binary));
      }),
      { numRuns: plainRuns(300) },
    );
  });
});

describe("damaged input", () => {
  const damage = fc.array(
    fc.record({ at: fc.nat(), byte: fc.nat(255), kind: fc.constantFrom("set", "delete", "insert", "cut") }),
    { minLength: 1, maxLength: 4 },
  );

  function apply(
    bytes: Uint8Array,
    steps: readonly { at: number; byte: number; kind: string }[],
  ): Uint8Array {
    let result = [...bytes];
    for (const { at, byte, kind } of steps) {
      const position = result.length === 0 ? 0 : at % result.length;
      if (kind === "set") result[position] = byte;
      else if (kind === "delete") result.splice(position, 1);
      else if (kind === "insert") result.splice(position, 0, byte);
      else result = result.slice(0, position);
    }
    return Uint8Array.from(result);
  }

  /** The error a reader ends with, or nothing; anything but one of our own errors fails the test. */
  function outcome(read: () => unknown): string | undefined {
    try {
      read();
      return undefined;
    } catch (error) {
      if (error instanceof LedgerLoaderError) return `${error.code}: ${error.message}`;
      throw error;
    }
  }

  it("is refused with an error of ours or means something else; it never loops or reads on", () => {
    const numRuns = plainRuns(2000);
    let refused = 0;
    fc.assert(
      fc.property(arbitraryIon, damage, (value, steps) => {
        // The damaged value stands in the midst of other bytes, which must not be read.
        const damaged = apply(encodeIon(value), steps);
        const surrounded = new Uint8Array(damaged.length + 64).fill(0x21);
        surrounded.set(damaged, 32);
        const view = surrounded.subarray(32, 32 + damaged.length);
        const hashed = outcome(() => hashIon(view));
        const decoded = outcome(() => decodeIon(view));
        if (hashed !== undefined) refused++;
        // What decodes also hashes, unless it is text now.
        if (decoded === undefined && damaged[0] === 0xe0) expect(hashed).toBeUndefined();
        // What is validated is decoded, and what is not is refused with the same error.
        if (isVersionMarker(damaged)) expect(outcome(() => validateIon(readSingleValue(view)))).toBe(decoded);
      }),
      { numRuns },
    );
    expect(refused).toBeGreaterThan(numRuns / 4);
  });

  it("in text is refused the same way", () => {
    const numRuns = plainRuns(1000);
    let refused = 0;
    fc.assert(
      fc.property(arbitraryIon, damage, (value, steps) => {
        const damaged = apply(Buffer.from(dumpText(value)), steps);
        if (outcome(() => transcodeToBinary(damaged)) !== undefined) refused++;
      }),
      { numRuns },
    );
    expect(refused).toBeGreaterThan(numRuns / 10);
  });

  it("cut anywhere is refused", () => {
    fc.assert(
      fc.property(arbitraryIon, fc.nat(), (value, at) => {
        const bytes = encodeIon(value);
        expect(() => hashIon(bytes.subarray(0, at % bytes.length))).toThrow(MalformedIonError);
      }),
      { numRuns: plainRuns(300) },
    );
  });
});
