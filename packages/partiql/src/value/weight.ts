// SPDX-License-Identifier: MIT
import { IonTypes } from "ion-js";
import type { dom } from "ion-js";
import { elementsOf, isStruct, type Datum } from "./datum";
import { numericOf } from "./numeric";
import { fieldsOf } from "./struct";

/** Containers that were weighed: what a statement builds may hold one of them many times over. */
const known = new WeakMap<dom.Value, number>();

/** So many characters, bytes or digits weigh as much as one element. */
const CHARACTERS_PER_UNIT = 16;

/** From about so many digits on, the work of a digit grows with their number: V8 writes a bigint out like that. */
const DIGITS_QUICK = 100_000;

/** No number below this has more than a few words: most numbers are told apart from large ones without a look at digits. */
const SMALL = 1e300;

/** A hexadecimal digit is worth so many decimal ones. */
const DIGITS_PER_HEX_DIGIT = 1.2;

/**
 * How much work and memory it takes to write a value out: about one for each scalar in it, as often as it stands there. A
 * list of a list of a list may be small in memory and have a million elements.
 */
export function weightOf(datum: Datum): number {
  if (datum === undefined) return 0;
  const before = known.get(datum);
  if (before !== undefined) return before;
  const parts = isStruct(datum) ? fieldsOf(datum).map(([, value]) => value) : elementsOf(datum);
  if (parts === undefined) return 1 + scalarWork(datum);
  const weight = parts.reduce((sum, part) => sum + weightOf(part), 1);
  known.set(datum, weight);
  return weight;
}

/** How much more work it is to look at a whole value than at a short scalar, in units of a row. */
export function workOf(datum: Datum): number {
  if (datum === undefined || datum.isNull()) return 0;
  return datum.getType().isContainer ? weightOf(datum) : scalarWork(datum);
}

function scalarWork(scalar: dom.Value): number {
  if (scalar.isNull()) return 0;
  switch (scalar.getType()) {
    case IonTypes.STRING:
    case IonTypes.SYMBOL:
      return (scalar.stringValue() ?? "").length / CHARACTERS_PER_UNIT;
    case IonTypes.BLOB:
    case IonTypes.CLOB:
      return (scalar.uInt8ArrayValue() ?? []).length / CHARACTERS_PER_UNIT;
    case IonTypes.INT:
      return Math.abs(scalar.numberValue() ?? 0) < SMALL ? 0 : digitsWork(scalar);
    case IonTypes.DECIMAL:
      return digitsWork(scalar);
    default:
      return 0;
  }
}

function digitsWork(number: dom.Value): number {
  const numeric = numericOf(number);
  if (numeric?.kind !== "finite") return 0;
  const { coefficient } = numeric;
  if (coefficient === BigInt.asIntN(64, coefficient)) return 0;
  const digits = coefficient.toString(16).length * DIGITS_PER_HEX_DIGIT;
  return (digits / CHARACTERS_PER_UNIT) * (1 + digits / DIGITS_QUICK);
}
