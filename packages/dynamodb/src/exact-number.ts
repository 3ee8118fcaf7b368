// SPDX-License-Identifier: MIT
import { InvalidEventError } from "@ledger-loader/core";
import { Decimal, dom } from "ion-js";

/** A number as `coefficient × 10^exponent`, with no zero at the coefficient's end: equal numbers have equal parts. */
export interface ExactNumber {
  readonly coefficient: bigint;
  readonly exponent: number;
}

// DynamoDB's numbers: up to 38 digits, from 1E-130 to 9.99…E+125; more is refused, which bounds what is allocated.
const DIGITS_MAX = 400;
const EXPONENT_MAX = 400;
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Reads the text of an `N`. DynamoDB trims zeros, so `1`, `1.0` and `10E-1` are one number to it and here.
 *
 * @throws InvalidEventError if it is no number; the message does not repeat it.
 */
export function parseNumber(text: string): ExactNumber {
  const [, sign, whole = "", fraction = "", power = "0"] = NUMBER.exec(text) ?? [];
  const isInRange = whole.length + fraction.length <= DIGITS_MAX && Math.abs(Number(power)) <= EXPONENT_MAX;
  if (sign === undefined || !isInRange) {
    throw new InvalidEventError("an N", "a number as DynamoDB prints them", `${text.length} characters`);
  }
  const digits = `${whole}${fraction}`.replace(/^0+(?=\d)/, "");
  if (digits === "0" || /^0+$/.test(digits)) return { coefficient: 0n, exponent: 0 };
  const significant = digits.replace(/0+$/, "");
  const exponent = Number(power) - fraction.length + (digits.length - significant.length);
  const coefficient = BigInt(significant);
  return { coefficient: sign === "-" ? -coefficient : coefficient, exponent };
}

/** The number as Ion: an int where it is integral, else a decimal, exact in both cases. */
export function toIonNumber({ coefficient, exponent }: ExactNumber): dom.Value {
  return exponent >= 0
    ? dom.Value.from(coefficient * 10n ** BigInt(exponent))
    : // The sign is told apart: without the flag ion-js takes the coefficient's absolute value.
      new dom.Decimal(new Decimal(coefficient, exponent, coefficient < 0n));
}

/** Compares by value, for sorting. */
export function compareNumbers(a: ExactNumber, b: ExactNumber): number {
  const common = Math.min(a.exponent, b.exponent);
  const scale = ({ coefficient, exponent }: ExactNumber): bigint =>
    coefficient * 10n ** BigInt(exponent - common);
  const [left, right] = [scale(a), scale(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The number in plain notation, such as `-0.125`: one text per number. */
export function toPlainText({ coefficient, exponent }: ExactNumber): string {
  if (exponent >= 0) return (coefficient * 10n ** BigInt(exponent)).toString();
  const sign = coefficient < 0n ? "-" : "";
  const digits = (coefficient < 0n ? -coefficient : coefficient).toString().padStart(1 - exponent, "0");
  return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}
