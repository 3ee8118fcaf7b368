// SPDX-License-Identifier: MIT
import { Decimal, dom, IonTypes } from "ion-js";
import { isAbsent, NULL, textOf } from "./datum";
import type { Datum } from "./datum";
import type { ArithmeticOperator } from "../syntax/ast";
import { mismatch, Problem } from "./problem";
import { isNumber, numericOf } from "./numeric";

/** Decimal results are rounded to this many digits, half to even, as in PartiQL's reference implementation. */
const PRECISION = 38;

/** Sums of decimals that lie further apart than this many digits are refused, not expanded. */
const EXPONENT_GAP_MAX = 10_000;

/**
 * Evaluates an operator on numbers: NULL if a side is NULL or MISSING.
 *
 * Ints give ints (division truncates), a decimal makes the result a decimal, else a float makes it a float. A float beside a
 * decimal is taken as the shortest decimal that reads back as it. Source: partiql-lang-kotlin 0.4.0.
 */
export function calculate(operator: ArithmeticOperator, left: Datum, right: Datum): Datum | Problem {
  if (isAbsent(left) || isAbsent(right)) return NULL;
  if (operator === "||") return concatenate(left, right);
  if (!isNumber(left) || !isNumber(right))
    return mismatch(...[left, right].filter((side) => !isNumber(side)));
  const types = [left.getType(), right.getType()];
  if (types.includes(IonTypes.DECIMAL)) return decimalResult(operator, left, right);
  if (types.includes(IonTypes.FLOAT)) {
    return floatResult(operator, left.numberValue() ?? NaN, right.numberValue() ?? NaN);
  }
  return intResult(operator, left.bigIntValue() ?? 0n, right.bigIntValue() ?? 0n);
}

/** `-x` and `+x`. */
export function applySign(operator: "-" | "+", operand: Datum): Datum | Problem {
  if (isAbsent(operand)) return NULL;
  if (!isNumber(operand)) return mismatch(operand);
  if (operator === "+") return operand;
  const numeric = numericOf(operand);
  if (operand.getType() === IonTypes.FLOAT || numeric?.kind !== "finite") {
    return new dom.Float(-(operand.numberValue() ?? NaN));
  }
  const negated = -numeric.coefficient;
  return operand.getType() === IonTypes.INT
    ? makeInt(negated)
    : makeDecimal({ ...numeric, coefficient: negated });
}

/** The quotient of two numbers as a decimal: what AVG returns. */
export function divideAsDecimal(left: dom.Value, right: dom.Value): Datum | Problem {
  return decimalResult("/", left, right);
}

/** An int of any size, as ion-js likes it best. */
export function makeInt(value: bigint): dom.Value {
  const number = Number(value);
  return new dom.Integer(Number.isSafeInteger(number) ? number : value);
}

function concatenate(left: dom.Value, right: dom.Value): Datum | Problem {
  const leftText = textOf(left);
  const rightText = textOf(right);
  if (leftText === undefined || rightText === undefined) return mismatch(left, right);
  return new dom.String(leftText + rightText);
}

type NumericOperator = Exclude<ArithmeticOperator, "||">;

/** A division by zero is an error here too: the reference implementation checks before it looks at the type. */
function floatResult(operator: NumericOperator, left: number, right: number): dom.Value | Problem {
  if ((operator === "/" || operator === "%") && right === 0) return new Problem("a division by zero");
  switch (operator) {
    case "+":
      return new dom.Float(left + right);
    case "-":
      return new dom.Float(left - right);
    case "*":
      return new dom.Float(left * right);
    case "/":
      return new dom.Float(left / right);
    case "%":
      return new dom.Float(left % right);
  }
}

function intResult(operator: NumericOperator, left: bigint, right: bigint): dom.Value | Problem {
  if ((operator === "/" || operator === "%") && right === 0n) return new Problem("a division by zero");
  switch (operator) {
    case "+":
      return makeInt(left + right);
    case "-":
      return makeInt(left - right);
    case "*":
      return isTooLong(left, right) ? new Problem("an int that is too large") : makeInt(left * right);
    case "/":
      return makeInt(left / right);
    case "%":
      return makeInt(left % right);
  }
}

/** As long as the longest document: products of products would grow without end. */
const INT_MAX = 1n << BigInt(8 * 128 * 1024);

function isTooLong(left: bigint, right: bigint): boolean {
  const isLarge = (value: bigint): boolean => value >= INT_MAX || value <= -INT_MAX;
  return isLarge(left) || isLarge(right) || isLarge(left * right);
}

interface Finite {
  readonly coefficient: bigint;
  readonly exponent: number;
}

function decimalResult(operator: NumericOperator, left: dom.Value, right: dom.Value): dom.Value | Problem {
  const a = numericOf(left);
  const b = numericOf(right);
  if (a?.kind !== "finite" || b?.kind !== "finite") return new Problem("a float that is not finite");
  if (operator === "*")
    return makeDecimal({ coefficient: a.coefficient * b.coefficient, exponent: a.exponent + b.exponent });
  if (operator === "/") return divide(a, b);
  if (Math.abs(a.exponent - b.exponent) > EXPONENT_GAP_MAX)
    return new Problem("decimals of too different size");
  const exponent = Math.min(a.exponent, b.exponent);
  const x = scaled(a, exponent);
  const y = scaled(b, exponent);
  if (operator === "%") {
    return y === 0n ? new Problem("a division by zero") : makeDecimal({ coefficient: x % y, exponent });
  }
  return makeDecimal({ coefficient: operator === "+" ? x + y : x - y, exponent });
}

/** The exact quotient if it has few digits, with as few as it needs; otherwise the rounded one. */
function divide(a: Finite, b: Finite): dom.Value | Problem {
  if (b.coefficient === 0n) return new Problem("a division by zero");
  const preferred = a.exponent - b.exponent;
  const shift = Math.max(0, PRECISION + 2 + digitsOf(b.coefficient) - digitsOf(a.coefficient));
  const dividend = a.coefficient * 10n ** BigInt(shift);
  let coefficient = dividend / b.coefficient;
  let exponent = preferred - shift;
  // A rest that is lost must not look like an exact half when the quotient is rounded.
  if (dividend % b.coefficient !== 0n) {
    const negative = dividend < 0n !== b.coefficient < 0n;
    coefficient = coefficient * 10n + (negative ? -1n : 1n);
    exponent -= 1;
  }
  while (exponent < preferred && coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent += 1;
  }
  return makeDecimal({ coefficient, exponent });
}

function scaled(value: Finite, exponent: number): bigint {
  return value.coefficient * 10n ** BigInt(value.exponent - exponent);
}

function digitsOf(value: bigint): number {
  return (value < 0n ? -value : value).toString().length;
}

function makeDecimal({ coefficient, exponent }: Finite): dom.Value {
  const excess = digitsOf(coefficient) - PRECISION;
  if (excess <= 0) return new dom.Decimal(new Decimal(coefficient, exponent, coefficient < 0n));
  const unit = 10n ** BigInt(excess);
  const rounded = roundHalfEven(coefficient, unit);
  return new dom.Decimal(new Decimal(rounded, exponent + excess, rounded < 0n));
}

function roundHalfEven(value: bigint, unit: bigint): bigint {
  const quotient = value / unit;
  const rest = value % unit;
  const doubled = (rest < 0n ? -rest : rest) * 2n;
  const up = doubled > unit || (doubled === unit && quotient % 2n !== 0n);
  if (!up) return quotient;
  return value < 0n ? quotient - 1n : quotient + 1n;
}
