// SPDX-License-Identifier: MIT
import type { Datum } from "./datum";

/** Why an operator or function has no result; whoever knows the place in the statement makes an error of it. */
export class Problem {
  /** Ends the sentence "Expected …, found …", and names no value. */
  readonly found: string;

  constructor(found: string) {
    this.found = found;
  }
}

/**
 * Operands of types that an operator or function does not take.
 *
 * That this is an error, and not MISSING, is the rule of the reference implementation in QLDB's time (0.4.0).
 */
export function mismatch(...operands: readonly Datum[]): Problem {
  return new Problem(operands.map(kindOf).join(" and "));
}

/** The kind of a value, with an article: "an int". */
export function kindOf(datum: Datum): string {
  if (datum === undefined) return "MISSING";
  if (datum.isNull()) return "NULL";
  const type = datum.getType().name;
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}
