// SPDX-License-Identifier: MIT
import { dom, IonTypes, type Decimal } from "ion-js";

/**
 * Whether two Ion values are the same in Ion's data model: type, annotations, precision, offset, sign of zero.
 *
 * Fields of structs may come in any order. ion-js's own `ionEquals` takes a list for an S-expression, ignores the
 * sign of zeros and sorts the values it compares, which frozen ones do not survive.
 */
export function equalIon(a: dom.Value, b: dom.Value): boolean {
  if (a.getType() !== b.getType() || a.isNull() !== b.isNull()) return false;
  if (!equalTexts(a.getAnnotations(), b.getAnnotations())) return false;
  return a.isNull() || equalBodies(a, b);
}

function equalBodies(a: dom.Value, b: dom.Value): boolean {
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
      return equalStructs(a, b);
    default:
      return equalSequences(a.elements(), b.elements());
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

function equalStructs(a: dom.Value, b: dom.Value): boolean {
  const fieldsOfA = a.allFields();
  if (fieldsOfA.length !== b.fieldNames().length) return false;
  return fieldsOfA.every(([name, values]) => {
    const others = b.getAll(name);
    return others !== null && equalBags(values, others);
  });
}

/** A field may be there several times, in any order. */
function equalBags(a: readonly dom.Value[], b: readonly dom.Value[]): boolean {
  if (a.length !== b.length) return false;
  const [first] = a;
  const [other] = b;
  if (a.length === 1 && first !== undefined && other !== undefined) return equalIon(first, other);
  const rest = [...b];
  return a.every((value) => {
    const at = rest.findIndex((candidate) => equalIon(value, candidate));
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
}

function equalSequences(a: readonly dom.Value[], b: readonly dom.Value[]): boolean {
  return (
    a.length === b.length &&
    a.every((value, i) => {
      const other = b[i];
      return other !== undefined && equalIon(value, other);
    })
  );
}

function equalTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}
