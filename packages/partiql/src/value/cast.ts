// SPDX-License-Identifier: MIT
import { Decimal, dom, IonTypes, Timestamp } from "ion-js";
import { makeInt } from "./arithmetic";
import type { TypeName } from "../syntax/ast";
import { elementsOf, isStruct, NULL, textOf, toDatum } from "./datum";
import type { Datum } from "./datum";
import { numericOf } from "./numeric";
import type { Numeric } from "./numeric";
import { Problem } from "./problem";
import { isOfType } from "./type-test";

/** An int with more digits than this is not made of a decimal with a huge exponent. */
const DIGITS_MAX = 10_000;

const NUMBER_TEXT = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eEdD][+-]?[0-9]{1,9})?$/;

/**
 * Converts a value to a type; what cannot be converted is an error, NULL and MISSING stay what they are.
 *
 * Source: https://docs.aws.amazon.com/qldb/latest/developerguide/ql-functions.cast.html
 */
export function castTo(datum: Datum, type: TypeName): Datum | Problem {
  if (datum === undefined) return type === "NULL" ? NULL : undefined;
  if (datum.isNull()) return NULL;
  if (isOfType(datum, type)) return datum;
  return (
    convert(datum, type) ??
    new Problem(`${article(datum.getType().name)}, or one without a meaning as ${type}`)
  );
}

function article(type: string): string {
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}

function convert(value: dom.Value, type: TypeName): dom.Value | undefined {
  switch (type) {
    case "BOOL":
      return toBool(value);
    case "INT":
      return toInt(value);
    case "DECIMAL":
      return toDecimal(value);
    case "FLOAT":
      return toFloat(value);
    case "TIMESTAMP":
      return parseTimestamp(textOf(value));
    case "STRING":
    case "SYMBOL":
      return toTextValue(value, type);
    case "BLOB":
    case "CLOB":
      return toLob(value, type);
    case "LIST":
    case "BAG":
    case "SEXP":
      return toSequence(value, type);
    case "STRUCT":
      return isStruct(value) ? value : undefined;
    case "NULL":
    case "MISSING":
      return undefined;
  }
}

/** Any text but `true` is false: that is QLDB's rule, not a slip. */
function toBool(value: dom.Value): dom.Value | undefined {
  const text = textOf(value);
  if (text !== undefined) return toDatum(text.toLowerCase() === "true");
  const numeric = numericOf(value);
  return numeric && toDatum(numeric.kind !== "finite" || numeric.coefficient !== 0n);
}

function toInt(value: dom.Value): dom.Value | undefined {
  const numeric = valueOf(value);
  if (numeric?.kind !== "finite") return undefined;
  const { coefficient, exponent } = numeric;
  if (exponent > DIGITS_MAX) return undefined;
  if (exponent >= 0) return makeInt(coefficient * 10n ** BigInt(exponent));
  // Truncated, and without a divisor of a billion digits.
  return makeInt(-exponent > coefficient.toString().length ? 0n : coefficient / 10n ** BigInt(-exponent));
}

function toDecimal(value: dom.Value): dom.Value | undefined {
  const numeric = valueOf(value);
  if (numeric?.kind !== "finite") return undefined;
  const { coefficient, exponent } = numeric;
  return new dom.Decimal(new Decimal(coefficient, exponent, coefficient < 0n));
}

function toFloat(value: dom.Value): dom.Value | undefined {
  const numeric = valueOf(value);
  if (numeric?.kind !== "finite") return undefined;
  return new dom.Float(Number(`${numeric.coefficient.toString()}e${String(numeric.exponent)}`));
}

/** The number that a number, boolean or text stands for. */
function valueOf(value: dom.Value): Numeric | undefined {
  if (value.getType() === IonTypes.BOOL) {
    return { kind: "finite", coefficient: value.booleanValue() === true ? 1n : 0n, exponent: 0 };
  }
  const text = textOf(value);
  if (text === undefined) return numericOf(value);
  if (!NUMBER_TEXT.test(text)) return undefined;
  const decimal = Decimal.parse(
    text
      .replace(/e/i, "d")
      .replace(/^([+-]?)\./, "$10.")
      .replace(/^\+/, ""),
  );
  return decimal === null ? undefined : numericOf(new dom.Decimal(decimal));
}

/** Reads the text of an Ion timestamp. */
export function parseTimestamp(text: string | undefined): dom.Value | undefined {
  if (text === undefined) return undefined;
  try {
    const timestamp = Timestamp.parse(text);
    return timestamp === null ? undefined : new dom.Timestamp(timestamp);
  } catch {
    // ion-js throws plain errors for text that is no timestamp.
    return undefined;
  }
}

function toTextValue(value: dom.Value, type: "STRING" | "SYMBOL"): dom.Value | undefined {
  const text = textOf(value) ?? scalarText(value);
  if (text === undefined) return undefined;
  return type === "STRING" ? new dom.String(text) : new dom.Symbol(text);
}

function scalarText(value: dom.Value): string | undefined {
  switch (value.getType()) {
    case IonTypes.BOOL:
      return String(value.booleanValue());
    case IonTypes.INT:
      return String(value.bigIntValue());
    case IonTypes.DECIMAL:
      return value.decimalValue()?.toString();
    case IonTypes.FLOAT:
      return String(value.numberValue());
    case IonTypes.TIMESTAMP:
      return value.timestampValue()?.toString();
    default:
      return undefined;
  }
}

function toLob(value: dom.Value, type: "BLOB" | "CLOB"): dom.Value | undefined {
  if (value.getType() !== IonTypes.BLOB && value.getType() !== IonTypes.CLOB) return undefined;
  const bytes = value.uInt8ArrayValue();
  if (bytes === null) return undefined;
  return type === "BLOB" ? new dom.Blob(bytes) : new dom.Clob(bytes);
}

/** Bags are lists here. */
function toSequence(value: dom.Value, type: "LIST" | "BAG" | "SEXP"): dom.Value | undefined {
  const elements = elementsOf(value);
  if (elements === undefined) return undefined;
  return type === "SEXP" ? new dom.SExpression([...elements]) : new dom.List([...elements]);
}
