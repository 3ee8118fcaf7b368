// SPDX-License-Identifier: MIT
import { IonTypes } from "ion-js";
import type { dom, IonType } from "ion-js";
import { isAbsent, toDatum } from "./datum";
import type { Datum } from "./datum";
import type { ComparisonOperator } from "../syntax/ast";
import { mismatch, type Problem } from "./problem";
import { indexKey } from "./index-key";
import { compareInstants, instantOf } from "./instant";
import { compareNumeric, numericOf } from "./numeric";

/** True if two values that are not null are `=`; the meaning of that is {@link indexKey}'s. */
export function isEqual(left: dom.Value, right: dom.Value): boolean {
  if (left === right) return true;
  if (classOf(left.getType()) !== classOf(right.getType())) return false;
  if (classOf(left.getType()) === "text") return left.stringValue() === right.stringValue();
  // The keys of numbers are equal when the numbers are; long ones are written out for a key only.
  if (classOf(left.getType()) === "number") return compareNumbers(left, right) === 0;
  return indexKey(left) === indexKey(right);
}

/** Evaluates a comparison: NULL if a side is NULL or MISSING, an error if an order is asked for that is none. */
export function compare(operator: ComparisonOperator, left: Datum, right: Datum): dom.Value | Problem {
  if (isAbsent(left) || isAbsent(right)) return toDatum(undefined);
  if (operator === "=") return toDatum(isEqual(left, right));
  if (operator === "<>") return toDatum(!isEqual(left, right));
  const order = orderOf(left, right);
  if (order === undefined) return mismatch(left, right);
  switch (operator) {
    case "<":
      return toDatum(order < 0);
    case "<=":
      return toDatum(order <= 0);
    case ">":
      return toDatum(order > 0);
    case ">=":
      return toDatum(order >= 0);
  }
}

/** Orders two values that are not null; `undefined` if they are of different kinds, or of one without an order. */
export function orderOf(left: dom.Value, right: dom.Value): number | undefined {
  const kind = classOf(left.getType());
  if (kind !== classOf(right.getType())) return undefined;
  switch (kind) {
    case "number":
      return compareNumbers(left, right);
    case "text":
      return compareText(left.stringValue() ?? "", right.stringValue() ?? "");
    case "boolean":
      return Number(left.booleanValue()) - Number(right.booleanValue());
    case "timestamp":
      return compareTimestamps(left, right);
    case "lob":
      return Buffer.compare(left.uInt8ArrayValue() ?? Buffer.of(), right.uInt8ArrayValue() ?? Buffer.of());
    case "list":
    case "sexp":
    case "struct":
      return undefined;
  }
}

type ComparisonClass = "number" | "text" | "boolean" | "timestamp" | "lob" | "list" | "sexp" | "struct";

function classOf(type: IonType): ComparisonClass {
  switch (type) {
    case IonTypes.INT:
    case IonTypes.DECIMAL:
    case IonTypes.FLOAT:
      return "number";
    case IonTypes.STRING:
    case IonTypes.SYMBOL:
      return "text";
    case IonTypes.BOOL:
      return "boolean";
    case IonTypes.TIMESTAMP:
      return "timestamp";
    case IonTypes.BLOB:
    case IonTypes.CLOB:
      return "lob";
    case IonTypes.LIST:
      return "list";
    case IonTypes.SEXP:
      return "sexp";
    default:
      return "struct";
  }
}

function compareNumbers(left: dom.Value, right: dom.Value): number | undefined {
  const leftNumber = numericOf(left);
  const rightNumber = numericOf(right);
  if (leftNumber === undefined || rightNumber === undefined) return undefined;
  return compareNumeric(leftNumber, rightNumber);
}

function compareTimestamps(left: dom.Value, right: dom.Value): number | undefined {
  const leftTime = left.timestampValue();
  const rightTime = right.timestampValue();
  if (leftTime === null || rightTime === null) return undefined;
  return compareInstants(instantOf(leftTime), instantOf(rightTime));
}

/** By Unicode code point: JavaScript's own order differs beyond U+FFFF. */
function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
