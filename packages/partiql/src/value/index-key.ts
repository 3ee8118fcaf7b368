// SPDX-License-Identifier: MIT
import { IonTypes } from "ion-js";
import type { dom, Timestamp } from "ion-js";
import { PartiqlEvaluationError } from "../errors";
import { instantKey, instantOf } from "./instant";
import { integerKey, numericKey, numericOf } from "./numeric";

/** How deep a value that is compared may nest; deeper ones would exhaust the stack. */
const VALUE_DEPTH_MAX = 1000;

/**
 * The canonical text of a value: two values that are not null are `=` exactly when their keys are equal.
 *
 * This function *is* PartiQL's equality here, with and without an index. It follows the natural order of the
 * PartiQL reference implementation (partiql-lang-kotlin, `NaturalExprValueComparators`): numbers are equal by value
 * across int, decimal and float, timestamps by point in time, strings and symbols by text, blobs and clobs by
 * bytes, lists and S-expressions by elements in order, structs by fields in any order; annotations do not count,
 * and nulls inside containers are one value whatever their type. Whether QLDB's own index agreed in every case is
 * not known.
 *
 * The form of the key MAY be stored: a change of it needs a new format version of the store.
 */
export function indexKey(value: dom.Value): string {
  return keyAt(value, 0);
}

function keyAt(value: dom.Value, depth: number): string {
  if (depth > VALUE_DEPTH_MAX) {
    throw new PartiqlEvaluationError(
      `Expected a value nested at most ${String(VALUE_DEPTH_MAX)} levels deep to compare, found a deeper one: flatten it.`,
    );
  }
  if (value.isNull()) return "_";
  const type = value.getType();
  switch (type) {
    case IonTypes.STRING:
    case IonTypes.SYMBOL:
      return textKey(value.stringValue() ?? "");
    case IonTypes.INT:
    case IonTypes.DECIMAL:
    case IonTypes.FLOAT:
      return numberKey(value);
    case IonTypes.BOOL:
      return value.booleanValue() === true ? "t" : "f";
    case IonTypes.TIMESTAMP:
      return timestampKey(value.timestampValue());
    case IonTypes.BLOB:
    case IonTypes.CLOB:
      return `b${Buffer.from(value.uInt8ArrayValue() ?? []).toString("base64")}`;
    case IonTypes.LIST:
      return `[${elementKeys(value, depth)}]`;
    case IonTypes.SEXP:
      return `(${elementKeys(value, depth)})`;
    default:
      return `{${fieldKeys(value, depth)}}`;
  }
}

/** The length comes first, so that no text can imitate what follows it in a container. */
function textKey(text: string): string {
  return `s${String(text.length)}:${text}`;
}

function timestampKey(timestamp: Timestamp | null): string {
  return timestamp === null ? "_" : `T${instantKey(instantOf(timestamp))}`;
}

function numberKey(value: dom.Value): string {
  const number = value.numberValue() ?? 0;
  if (value.getType() === IonTypes.INT && Number.isSafeInteger(number)) return `n${integerKey(number)}`;
  const numeric = numericOf(value);
  return `n${numeric === undefined ? "0" : numericKey(numeric)}`;
}

function elementKeys(value: dom.Value, depth: number): string {
  return value
    .elements()
    .map((element) => keyAt(element, depth + 1))
    .join(",");
}

function fieldKeys(value: dom.Value, depth: number): string {
  return value
    .allFields()
    .flatMap(([name, values]) => values.map((field) => `${textKey(name)}=${keyAt(field, depth + 1)}`))
    .sort()
    .join(",");
}
