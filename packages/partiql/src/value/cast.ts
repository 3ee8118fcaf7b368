// SPDX-License-Identifier: MIT
import { Decimal, dom, IonTypes, Timestamp } from "ion-js";
import { makeInt } from "./arithmetic";
import type { TypeName } from "../syntax/ast";
import { elementsOf, isStruct, NULL, textOf, toDatum } from "./datum";
import type { Datum } from "./datum";
import { numericOf } from "./numeric";
import type { Numeric } from "./numeric";
import { kindOf, Problem } from "./problem";
import { isOfType } from "./type-test";

/** An int with more digits than this is not made of a decimal with a huge exponent. */
const DIGITS_MAX = 10_000;

/** More digits than the largest int of a document has (128 KiB). */
const TEXT_DIGITS_MAX = 320_000;

const NUMBER_TEXT = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?$/;

/** Ints are written as in Ion; a sign `+` and leading zeros are taken, too. */
const INT_TEXT = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)$/;

/**
 * Converts a value to a type; what cannot be converted is an error, NULL and MISSING stay what they are.
 *
 * Source: https://docs.aws.amazon.com/qldb/latest/developerguide/ql-functions.cast.html
 */
export function castTo(datum: Datum, type: TypeName): Datum | Problem {
  if (datum === undefined) return type === "NULL" ? NULL : undefined;
  if (datum.isNull()) return datum;
  if (isOfType(datum, type)) return datum;
  return convert(datum, type) ?? new Problem(`${kindOf(datum)}, or one without a meaning as ${type}`);
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
  const text = textOf(value);
  return text === undefined ? truncated(value) : intOf(text);
}

function intOf(text: string): dom.Value | undefined {
  const [, sign, digits] =
    INT_TEXT.exec(text.trim().replaceAll(/(?<=[0-9a-fA-F])_(?=[0-9a-fA-F])/g, "")) ?? [];
  if (digits === undefined || digits.length > TEXT_DIGITS_MAX) return undefined;
  const value = BigInt(digits);
  return makeInt(sign === "-" ? -value : value);
}

function truncated(value: dom.Value): dom.Value | undefined {
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
  const trimmed = text.trim();
  if (!NUMBER_TEXT.test(trimmed)) return undefined;
  const decimal = Decimal.parse(
    trimmed
      .replace(/e/i, "d")
      .replace(/^([+-]?)\./, "$10.")
      .replace(/^\+/, ""),
  );
  return decimal === null ? undefined : numericOf(new dom.Decimal(decimal));
}

/** The text of a timestamp. ion-js takes more: `2020` without its T, even `0x1F`. */
const TIMESTAMP_TEXT =
  /^[0-9]{4}(?:T|-[0-9]{2}T|-[0-9]{2}-[0-9]{2}(?:T|T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:[0-9]{2}))?)$/;

/** Reads the text of an Ion timestamp. */
export function parseTimestamp(text: string | undefined): dom.Value | undefined {
  if (text === undefined || !TIMESTAMP_TEXT.test(text)) return undefined;
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
      return floatText(value.numberValue() ?? NaN);
    case IonTypes.TIMESTAMP:
      // Of a day, the reference implementation drops the T that Ion text ends with.
      return value
        .timestampValue()
        ?.toString()
        .replace(/(?<=-[0-9]{2}-[0-9]{2})T$/, "");
    default:
      return undefined;
  }
}

/** As Java writes a double, which is what the reference implementation does: `1.0`, `1.0E300`. */
function floatText(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity";
  if (size === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const plain = size >= 1e-3 && size < 1e7;
  const [digits = "", exponent = ""] = (plain ? String(value) : value.toExponential()).split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}${plain ? "" : `E${exponent.replace("+", "")}`}`;
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
