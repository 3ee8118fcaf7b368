// SPDX-License-Identifier: MIT
import { dom, IonTypes, type Decimal } from "ion-js";

/**
 * True if two Ion values are the same in Ion's data model: type, annotations, precision, offset, sign of zero.
 *
 * Fields of structs may come in any order. ion-js's own `ionEquals` takes a list for an S-expression, ignores the
 * sign of zeros and sorts the values it compares, which frozen ones do not survive.
 */
export function equalIon(a: dom.Value, b: dom.Value): boolean {
  return equalValues(a, b, "form");
}

/**
 * Compares as {@link equalIon} does, but ints and decimals by their value at any depth: `1`, `1.0` and `10d-1` are equal. For
 * values that have passed through a parser of JSON, which keeps no trailing zeros.
 */
export function equalIonByValue(a: dom.Value, b: dom.Value): boolean {
  return equalValues(a, b, "value");
}

/** The part of an int or decimal that counts. */
type NumberEquality = "form" | "value";

function equalValues(a: dom.Value, b: dom.Value, numbers: NumberEquality): boolean {
  if (numbers === "value" && isExactNumber(a) && isExactNumber(b)) {
    return equalTexts(a.getAnnotations(), b.getAnnotations()) && canonicalNumber(a) === canonicalNumber(b);
  }
  if (a.getType() !== b.getType() || a.isNull() !== b.isNull()) return false;
  if (!equalTexts(a.getAnnotations(), b.getAnnotations())) return false;
  return a.isNull() || equalBodies(a, b, numbers);
}

function equalBodies(a: dom.Value, b: dom.Value, numbers: NumberEquality): boolean {
  switch (a.getType()) {
    case IonTypes.BOOL:
      return a.booleanValue() === b.booleanValue();
    case IonTypes.INT:
      return a.bigIntValue() === b.bigIntValue();
    case IonTypes.FLOAT:
      return Object.is(a.numberValue(), b.numberValue());
    case IonTypes.DECIMAL:
      return equalDecimals(a.decimalValue(), b.decimalValue());
    case IonTypes.TIMESTAMP:
      // The text shows precision and offset, the unknown one (-00:00) included.
      return String(a.timestampValue()) === String(b.timestampValue());
    case IonTypes.STRING:
    case IonTypes.SYMBOL:
      return a.stringValue() === b.stringValue();
    case IonTypes.BLOB:
    case IonTypes.CLOB:
      return Buffer.compare(a.uInt8ArrayValue() ?? NONE, b.uInt8ArrayValue() ?? NONE) === 0;
    case IonTypes.STRUCT:
      return equalStructs(a, b, numbers);
    default:
      return equalSequences(a.elements(), b.elements(), numbers);
  }
}

const NONE = new Uint8Array();

function equalDecimals(a: Decimal | null, b: Decimal | null): boolean {
  return (
    a?.getCoefficient() === b?.getCoefficient() &&
    a?.getExponent() === b?.getExponent() &&
    a?.isNegative() === b?.isNegative()
  );
}

function equalStructs(a: dom.Value, b: dom.Value, numbers: NumberEquality): boolean {
  const fieldsOfA = a.allFields();
  if (fieldsOfA.length !== b.fieldNames().length) return false;
  return fieldsOfA.every(([name, values]) => {
    const others = b.getAll(name);
    return others !== null && equalBags(values, others, numbers);
  });
}

/** A field may be there several times, in any order. */
function equalBags(a: readonly dom.Value[], b: readonly dom.Value[], numbers: NumberEquality): boolean {
  if (a.length !== b.length) return false;
  const [first] = a;
  const [other] = b;
  if (a.length === 1 && first !== undefined && other !== undefined) return equalValues(first, other, numbers);
  const rest = [...b];
  return a.every((value) => {
    const at = rest.findIndex((candidate) => equalValues(value, candidate, numbers));
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
}

function equalSequences(a: readonly dom.Value[], b: readonly dom.Value[], numbers: NumberEquality): boolean {
  return (
    a.length === b.length &&
    a.every((value, i) => {
      const other = b[i];
      return other !== undefined && equalValues(value, other, numbers);
    })
  );
}

function isExactNumber(value: dom.Value): boolean {
  const type = value.getType();
  return !value.isNull() && (type === IonTypes.INT || type === IonTypes.DECIMAL);
}

/** Equal texts are equal numbers. The zeros are cut from the text: to multiply by a large exponent could exhaust memory. */
function canonicalNumber(value: dom.Value): string {
  const decimal = value.getType() === IonTypes.DECIMAL ? value.decimalValue() : null;
  const digits = String(decimal === null ? value.bigIntValue() : decimal.getCoefficient());
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  return `${significant}d${(decimal?.getExponent() ?? 0) + digits.length - significant.length}`;
}

function equalTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}
