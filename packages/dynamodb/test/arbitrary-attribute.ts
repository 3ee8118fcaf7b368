// SPDX-License-Identifier: MIT
import * as fc from "fast-check";

/** Numbers as DynamoDB prints them: up to 38 digits, no needless zeros. */
export const arbitraryNumber: fc.Arbitrary<string> = fc
  .tuple(fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n), fc.integer({ min: 0, max: 60 }))
  .map(([coefficient, scale]) => {
    const sign = coefficient < 0n ? "-" : "";
    const digits = coefficient
      .toString()
      .replace("-", "")
      .padStart(scale + 1, "0");
    const whole = digits.slice(0, digits.length - scale);
    const fraction = digits.slice(digits.length - scale).replace(/0+$/, "");
    const number = fraction === "" ? whole : `${whole}.${fraction}`;
    return number === "0" ? "0" : `${sign}${number}`;
  });

const arbitraryBinary = fc
  .uint8Array({ maxLength: 20 })
  .map((content) => Buffer.from(content).toString("base64"));

// DynamoDB's strings are UTF-8, so there are no halves of surrogate pairs.
const arbitraryText = fc.string({ unit: "grapheme", maxLength: 12 });
const asSet = { minLength: 1, maxLength: 5 };

/** Any attribute in DynamoDB's JSON, its sets in order. */
export const arbitraryAttribute: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc.letrec<{
  attribute: Readonly<Record<string, unknown>>;
}>((tie) => ({
  attribute: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ S: arbitraryText }),
    fc.record({ N: arbitraryNumber }),
    fc.record({ B: arbitraryBinary }),
    fc.record({ BOOL: fc.boolean() }),
    fc.record({ NULL: fc.constant(true) }),
    fc.record({ SS: fc.uniqueArray(arbitraryText, asSet).map((members) => members.toSorted()) }),
    fc.record({ BS: fc.uniqueArray(arbitraryBinary, asSet).map(sortBinaries) }),
    fc.record({
      NS: fc.uniqueArray(fc.integer(), asSet).map((members) => members.toSorted((a, b) => a - b).map(String)),
    }),
    fc.record({ L: fc.array(tie("attribute"), { maxLength: 4 }) }),
    fc.record({ M: fc.dictionary(arbitraryText, tie("attribute"), { maxKeys: 4 }) }),
  ),
})).attribute;

/** A value that can be part of a key. */
export const arbitraryKeyPart = fc.oneof(
  fc.record({ S: arbitraryText }),
  fc.record({ N: arbitraryNumber }),
  fc.record({ B: arbitraryBinary }),
);

function sortBinaries(members: readonly string[]): readonly string[] {
  return members.toSorted((a, b) => Buffer.compare(Buffer.from(a, "base64"), Buffer.from(b, "base64")));
}
