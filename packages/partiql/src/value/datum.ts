// SPDX-License-Identifier: MIT
import { dom, IonTypes } from "ion-js";

/** The value of an expression: an Ion value, or MISSING, which is `undefined`. */
export type Datum = dom.Value | undefined;

/** The results of predicates; shared, so they MUST NOT be changed. */
export const TRUE: dom.Value = new dom.Boolean(true);
export const FALSE: dom.Value = new dom.Boolean(false);
export const NULL: dom.Value = new dom.Null();

/** True if a value is MISSING, or null of any type: PartiQL treats Ion's typed nulls as NULL. */
export function isAbsent(datum: Datum): datum is undefined | dom.Null {
  return datum === undefined || datum.isNull();
}

/** Turns SQL's third truth value, `undefined`, into NULL. */
export function toDatum(truth: boolean | undefined): dom.Value {
  return truth === undefined ? NULL : truth ? TRUE : FALSE;
}

/** The text of a string or symbol. */
export function textOf(datum: Datum): string | undefined {
  if (isAbsent(datum)) return undefined;
  const type = datum.getType();
  return type === IonTypes.STRING || type === IonTypes.SYMBOL
    ? (datum.stringValue() ?? undefined)
    : undefined;
}

/** The elements of a list or S-expression. `elements()` takes six times as long, and what a statement builds may be long. */
export function elementsOf(datum: Datum): readonly dom.Value[] | undefined {
  const sequence = sequenceOf(datum);
  return sequence && [...sequence];
}

/** A list or S-expression itself, which is a JavaScript array of another class: for its length and single elements. */
export function sequenceOf(datum: Datum): (ArrayLike<dom.Value> & Iterable<dom.Value>) | undefined {
  if (isAbsent(datum)) return undefined;
  const type = datum.getType();
  const isSequence = type === IonTypes.LIST || type === IonTypes.SEXP;
  return isSequence ? (datum as unknown as readonly dom.Value[]) : undefined;
}

/** True if a value is a struct, and not `null.struct`. */
export function isStruct(datum: Datum): datum is dom.Struct {
  return !isAbsent(datum) && datum.getType() === IonTypes.STRUCT;
}

/** The field of a struct, the last one of several of that name; MISSING if there is none, or no struct. */
export function fieldOf(datum: Datum, name: string): Datum {
  return isStruct(datum) ? (datum.get(name) ?? undefined) : undefined;
}

/** The elements that a FROM item ranges over; NULL and MISSING have none, a single value is its own only element. */
export function rangeOver(datum: Datum): readonly dom.Value[] {
  if (isAbsent(datum)) return [];
  return elementsOf(datum) ?? [datum];
}
