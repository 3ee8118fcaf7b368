// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { toRecordId } from "@ledger-loader/core";
import { dom, IonTypes } from "ion-js";
import * as fc from "fast-check";
import { arbitraryAttribute, arbitraryKeyPart, arbitraryNumber } from "../test/arbitrary-attribute";
import { toIon } from "./attribute-value";
import { parseNumber, toPlainText } from "./exact-number";
import { toItemId } from "./item-id";
import { toLambdaRecord } from "./lambda-record";
import { toAttribute } from "./to-attribute";

/** Back to DynamoDB's JSON: that there is a way back for every value means that no two become the same Ion. */
function back(value: dom.Value): unknown {
  const [annotation] = value.getAnnotations();
  if (value.isNull()) return { NULL: true };
  switch (value.getType()) {
    case IonTypes.STRING:
      return { S: value.stringValue() };
    case IonTypes.INT:
      return { N: value.bigIntValue()!.toString() };
    case IonTypes.DECIMAL: {
      const decimal = value.decimalValue()!;
      return { N: toPlainText({ coefficient: decimal.getCoefficient(), exponent: decimal.getExponent() }) };
    }
    case IonTypes.BLOB:
      return { B: Buffer.from(value.uInt8ArrayValue()!).toString("base64") };
    case IonTypes.BOOL:
      return { BOOL: value.booleanValue() };
    case IonTypes.LIST: {
      const members = value.elements().map(back);
      return annotation === undefined
        ? { L: members }
        : { [annotation]: members.map((member) => (member as Record<string, unknown>)[annotation[0]!]) };
    }
    default:
      return { M: Object.fromEntries(value.fields().map(([name, field]) => [name, back(field)])) };
  }
}

const keyOf = (keys: Readonly<Record<string, unknown>>) => toRecordId(toItemId(keys))!.key;

describe("The mapping of DynamoDB's JSON to Ion", () => {
  it("takes every attribute and loses nothing: there is a way back", () => {
    fc.assert(
      fc.property(arbitraryAttribute, (attribute) => {
        expect(back(toIon(attribute, "annotated"))).toEqual(attribute);
      }),
    );
  });

  it("is undone by the projection's mapping of Ion to attributes", () => {
    fc.assert(
      fc.property(arbitraryAttribute, (attribute) => {
        const NewImage = { attribute: toAttribute(toIon(attribute, "annotated")) };
        const { dynamodb } = toLambdaRecord({ dynamodb: { NewImage } }, "arn");
        expect(dynamodb?.NewImage).toEqual({ attribute });
      }),
    );
  });

  it("does not depend on the order in which a set's members come", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(arbitraryNumber, { minLength: 1, maxLength: 6 }),
        fc.nat(),
        (members, turn) => {
          const at = turn % members.length;
          const turned = [...members.slice(at), ...members.slice(0, at)];
          expect(back(toIon({ NS: turned }, "annotated"))).toEqual(back(toIon({ NS: members }, "annotated")));
        },
      ),
    );
  });

  it("reads one number whatever its notation", () => {
    fc.assert(
      fc.property(arbitraryNumber, fc.integer({ min: -50, max: 50 }), (number, shift) => {
        const { coefficient, exponent } = parseNumber(number);
        expect(parseNumber(`${coefficient * 10n ** 3n}E${exponent - 3}`)).toEqual({ coefficient, exponent });
        const shifted = coefficient === 0n ? 0 : exponent + shift;
        expect(parseNumber(`${coefficient}e${exponent + shift}`)).toEqual({ coefficient, exponent: shifted });
        expect(toPlainText({ coefficient, exponent })).toBe(number);
      }),
    );
  });
});

describe("The id of an item", () => {
  it("differs for different keys of one attribute of one type, and of two attributes of any", () => {
    const sameType = fc
      .constantFrom("S", "N", "B")
      .chain((type) => fc.tuple(...[0, 1].map(() => arbitraryKeyPart.filter((part) => type in part))));
    fc.assert(
      fc.property(sameType, ([a, b]) => {
        expect(keyOf({ id: a }) === keyOf({ id: b })).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
    const pair = fc.record({ pk: arbitraryKeyPart, sk: arbitraryKeyPart });
    fc.assert(
      fc.property(pair, pair, (a, b) => {
        expect(keyOf(a) === keyOf(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it("does not depend on the order in which a key's attributes come", () => {
    fc.assert(
      fc.property(arbitraryKeyPart, arbitraryKeyPart, (pk, sk) => {
        expect(keyOf({ sk, pk })).toBe(keyOf({ pk, sk }));
      }),
    );
  });
});
