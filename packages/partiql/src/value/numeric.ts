// SPDX-License-Identifier: MIT
import { IonTypes } from "ion-js";
import type { dom } from "ion-js";

/** A number's value whatever its Ion type: `coefficient × 10^exponent`, or one of float's special values. */
export type Numeric =
  | { readonly kind: "finite"; readonly coefficient: bigint; readonly exponent: number }
  | { readonly kind: "nan" | "+inf" | "-inf" };

/** True if a value is an int, decimal or float, and not null. */
export function isNumber(value: dom.Value): boolean {
  const type = value.getType();
  return (type === IonTypes.INT || type === IonTypes.DECIMAL || type === IonTypes.FLOAT) && !value.isNull();
}

/** The value of a number; `undefined` for anything else. A float is the shortest decimal that reads back as it. */
export function numericOf(value: dom.Value): Numeric | undefined {
  if (!isNumber(value)) return undefined;
  switch (value.getType()) {
    case IonTypes.INT:
      return { kind: "finite", coefficient: value.bigIntValue() ?? 0n, exponent: 0 };
    case IonTypes.DECIMAL:
      return numericOfDecimal(value);
    default:
      return numericOfFloat(value.numberValue() ?? 0);
  }
}

function numericOfDecimal(value: dom.Value): Numeric | undefined {
  const decimal = value.decimalValue();
  if (decimal === null) return undefined;
  const coefficient = decimal.getCoefficient();
  const magnitude = coefficient < 0n ? -coefficient : coefficient;
  return {
    kind: "finite",
    coefficient: decimal.isNegative() ? -magnitude : magnitude,
    exponent: decimal.getExponent(),
  };
}

function numericOfFloat(value: number): Numeric {
  if (Number.isNaN(value)) return { kind: "nan" };
  if (!Number.isFinite(value)) return { kind: value > 0 ? "+inf" : "-inf" };
  const [mantissa = "0", exponent = "0"] = String(value).split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  return {
    kind: "finite",
    coefficient: BigInt(whole + fraction),
    exponent: Number(exponent) - fraction.length,
  };
}

/** A text that two numbers share exactly when their values are equal: `1`, `1.0` and `1e0` have one. */
export function numericKey(numeric: Numeric): string {
  if (numeric.kind !== "finite") return numeric.kind;
  return decimalKey(numeric.coefficient.toString(), numeric.exponent);
}

/** {@link numericKey} of an integer that a JavaScript number holds exactly. */
export function integerKey(value: number): string {
  return decimalKey(String(value), 0);
}

function decimalKey(digits: string, exponent: number): string {
  if (digits === "0" || digits === "-0") return "0";
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 48) end -= 1;
  const scale = exponent + digits.length - end;
  return scale === 0 ? digits.slice(0, end) : `${digits.slice(0, end)}e${String(scale)}`;
}

/** Orders numbers by value: nan first, then -inf, the finite ones, +inf. */
export function compareNumeric(left: Numeric, right: Numeric): number {
  if (left.kind === "finite" && right.kind === "finite") return compareFinite(left, right);
  return rank(left) - rank(right);
}

function rank(numeric: Numeric): number {
  switch (numeric.kind) {
    case "nan":
      return 0;
    case "-inf":
      return 1;
    case "finite":
      return 2;
    case "+inf":
      return 3;
  }
}

type Finite = Extract<Numeric, { kind: "finite" }>;

/** Never expands an exponent: `1d1000000000` is compared without a billion digits. */
function compareFinite(left: Finite, right: Finite): number {
  const leftSign = signOf(left.coefficient);
  const rightSign = signOf(right.coefficient);
  if (leftSign !== rightSign || leftSign === 0) return leftSign - rightSign;
  if (left.exponent === right.exponent) {
    return left.coefficient === right.coefficient ? 0 : left.coefficient < right.coefficient ? -1 : 1;
  }
  const leftDigits = magnitudeOf(left.coefficient).toString();
  const rightDigits = magnitudeOf(right.coefficient).toString();
  const byMagnitude = leftDigits.length + left.exponent - (rightDigits.length + right.exponent);
  if (byMagnitude !== 0) return leftSign * byMagnitude;
  const length = Math.max(leftDigits.length, rightDigits.length);
  const leftPadded = leftDigits.padEnd(length, "0");
  const rightPadded = rightDigits.padEnd(length, "0");
  return leftPadded === rightPadded ? 0 : leftPadded < rightPadded ? -leftSign : leftSign;
}

function signOf(value: bigint): number {
  return value === 0n ? 0 : value < 0n ? -1 : 1;
}

function magnitudeOf(value: bigint): bigint {
  return value < 0n ? -value : value;
}
