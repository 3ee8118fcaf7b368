// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import {
  decodeIon,
  decodeIonValues,
  encodeIon,
  MalformedIonError,
  readPlainText,
  toIonText,
} from "@ledger-loader/ion";

const ones = (count: number): string => "1".repeat(count);

describe("Numbers of any size", () => {
  it.each([
    ["an int above a double's largest", `1${"0".repeat(309)}`],
    ["its negative", `-1${"0".repeat(309)}`],
    ["an int as long as the longest document", ones(315_652)],
    ["a decimal with as many digits", `${ones(300_000)}.${ones(15_652)}`],
    ["a hexadecimal int", `0x${"f".repeat(4_000)}`],
  ])("are read, encoded and read again: %s", (_, text) => {
    const [value] = decodeIonValues(text);
    const again = decodeIon(encodeIon(value!));
    expect(toIonText(again)).toBe(toIonText(value!));
    expect(again.getType()).toBe(value!.getType());
  });

  it.each([
    ["an int", ones(315_653)],
    ["a decimal", `1.${ones(315_653)}`],
    ["a hexadecimal int", `0x${ones(262_145)}`],
    ["a binary int", `0b${ones(1_048_577)}`],
  ])("longer than any document are refused before they are converted: %s", (_, text) => {
    expect(() => decodeIonValues(text)).toThrow(MalformedIonError);
    expect(readPlainText(`[${text}]`)).toBeUndefined();
  });

  it("longer than any document are refused in binary, too", () => {
    const length = 128 * 1024 + 33;
    const lengthBytes = [(length >> 14) & 0x7f, (length >> 7) & 0x7f, (length & 0x7f) | 0x80];
    const header = Uint8Array.of(0xe0, 1, 0, 0xea, 0x2e, ...lengthBytes);
    const int = Buffer.concat([header, new Uint8Array(length).fill(1)]);
    expect(() => decodeIon(int)).toThrow(/at most 131072 bytes/);
  });

  it.each([307, 400, 5000])(
    "refuses to build a timestamp whose second has %i fractional digits",
    (digits) => {
      for (const digit of ["0", "1", "9"]) {
        const text = (count: number): string => `2020-01-01T00:00:00.${digit.repeat(count)}+01:00`;
        const refused = (): unknown => decodeIonValues(text(digits));
        expect(refused).toThrow(MalformedIonError);
        expect(refused).toThrow("at most 300 fractional digits");
        expect(decodeIonValues(text(300)).map(toIonText)).toEqual([text(300)]);
      }
    },
  );

  it("refuses a second with more fractional digits than binary may claim", () => {
    expect(() => decodeIonValues(`2020-01-01T00:00:00.${"0".repeat(10_001)}Z`)).toThrow(/fractional digits/);
  });
});
