// SPDX-License-Identifier: MIT
import { dom, IonTypes } from "ion-js";
import { parseTimestamp } from "./cast";
import { dateAdd, dateDiff, extract } from "./date-functions";
import { FALSE, fieldOf, isAbsent, isStruct, NULL, sequenceOf, textOf, TRUE } from "./datum";
import type { Datum } from "./datum";
import { isEqual } from "./compare";
import { mismatch, Problem } from "./problem";
import { readTimestamp } from "./read-timestamp";
import { fieldsOf } from "./struct";
import { formatTimestamp } from "./timestamp-format";
import { partsOf } from "./timestamp-parts";

/** A scalar function, given its operands' values. */
export type ScalarFunction = (operands: readonly Datum[]) => Datum | Problem;

/**
 * QLDB's scalar functions that depend on nothing but their operands.
 *
 * Unless their purpose is another, they give NULL for NULL and MISSING, and refuse a value of another type.
 * Source: https://docs.aws.amazon.com/qldb/latest/developerguide/ql-functions.html
 */
export const SCALAR_FUNCTIONS: Readonly<Record<string, ScalarFunction>> = {
  CHAR_LENGTH: characterLength,
  CHARACTER_LENGTH: characterLength,
  COALESCE: (operands) => operands.find((operand) => !isAbsent(operand)) ?? NULL,
  DATE_ADD: dateAdd,
  DATE_DIFF: dateDiff,
  EXISTS: ([collection]) => toExistence(collection),
  EXTRACT: extract,
  LOWER: ([text]) => onText(text, (value) => new dom.String(value.toLowerCase())),
  NULLIF: ([left, right]) => nullIf(left, right),
  SIZE: ([collection]) => sizeOf(collection),
  SUBSTRING: ([text, start, length]) => substring(text, start, length),
  TRIM: ([mode, text, characters]) => trim(textOf(mode), text, characters),
  TO_STRING: ([timestamp, format]) => toFormatted(timestamp, format),
  TO_TIMESTAMP: ([text, ...format]) =>
    format.length === 0 ? toIonTimestamp(text) : toTimestamp(text, format[0]),
  UPPER: ([text]) => onText(text, (value) => new dom.String(value.toUpperCase())),
};

/** Those that do not look at the whole of a long operand. */
export const QUICK_FUNCTIONS: ReadonlySet<string> = new Set(["COALESCE", "EXISTS", "SIZE"]);

function onText(datum: Datum, apply: (text: string) => Datum): Datum | Problem {
  if (isAbsent(datum)) return NULL;
  const text = textOf(datum);
  return text === undefined ? mismatch(datum) : apply(text);
}

/** Counts code points, not UTF-16 units. */
function characterLength([text]: readonly Datum[]): Datum | Problem {
  return onText(text, (value) => new dom.Integer(Array.from(value).length));
}

function toExistence(collection: Datum): Datum {
  return isAbsent(collection) || (lengthOf(collection) ?? 0) === 0 ? FALSE : TRUE;
}

function nullIf(left: Datum, right: Datum): Datum {
  if (isAbsent(left)) return left;
  return !isAbsent(right) && isEqual(left, right) ? NULL : left;
}

function sizeOf(collection: Datum): Datum | Problem {
  if (isAbsent(collection)) return NULL;
  const size = lengthOf(collection);
  return size === undefined ? mismatch(collection) : new dom.Integer(size);
}

function lengthOf(collection: dom.Value): number | undefined {
  return isStruct(collection) ? fieldsOf(collection).length : sequenceOf(collection)?.length;
}

/** SQL-92: positions count from 1, and those before the text use up length without giving characters. */
function substring(text: Datum, start: Datum, length: Datum): Datum | Problem {
  if (isAbsent(text) || isAbsent(start) || length?.isNull() === true) return NULL;
  const value = textOf(text);
  const from = integerOf(start);
  const count = length === undefined ? Infinity : integerOf(length);
  if (value === undefined || from === undefined || count === undefined) {
    return length === undefined ? mismatch(text, start) : mismatch(text, start, length);
  }
  if (count < 0) return new Problem("a length below zero");
  const characters = Array.from(value);
  const end = from - 1 + count;
  return new dom.String(characters.slice(Math.max(0, from - 1), Math.max(0, end)).join(""));
}

function integerOf(value: dom.Value): number | undefined {
  if (value.getType() !== IonTypes.INT) return undefined;
  return value.numberValue() ?? undefined;
}

function toFormatted(timestamp: Datum, format: Datum): Datum | Problem {
  if (isAbsent(timestamp) || isAbsent(format)) return NULL;
  const time = timestamp.getType() === IonTypes.TIMESTAMP ? timestamp.timestampValue() : null;
  const pattern = textOf(format);
  if (time === null || pattern === undefined) return mismatch(timestamp, format);
  const text = formatTimestamp(partsOf(time), pattern);
  return text instanceof Problem ? text : new dom.String(text);
}

function toIonTimestamp(text: Datum): Datum | Problem {
  if (isAbsent(text)) return NULL;
  return parseTimestamp(textOf(text)) ?? new Problem("a value that is not the text of an Ion timestamp");
}

function toTimestamp(text: Datum, format: Datum): Datum | Problem {
  if (isAbsent(text) || isAbsent(format)) return NULL;
  const [value, pattern] = [textOf(text), textOf(format)];
  if (value === undefined || pattern === undefined) return mismatch(text, format);
  const time = readTimestamp(value, pattern);
  return time instanceof Problem ? time : new dom.Timestamp(time);
}

function trim(mode: string | undefined, text: Datum, characters: Datum): Datum | Problem {
  if (isAbsent(text) || characters?.isNull() === true) return NULL;
  const value = textOf(text);
  const removed = characters === undefined ? " " : textOf(characters);
  if (value === undefined || removed === undefined) {
    return characters === undefined ? mismatch(text) : mismatch(text, characters);
  }
  const set = new Set(removed);
  const kept = Array.from(value);
  let start = 0;
  let end = kept.length;
  if (mode !== "TRAILING") while (start < end && set.has(kept[start] ?? "")) start += 1;
  if (mode !== "LEADING") while (end > start && set.has(kept[end - 1] ?? "")) end -= 1;
  return new dom.String(kept.slice(start, end).join(""));
}

/** One step of a path into a value; MISSING if there is nothing. */
export function stepInto(datum: Datum, key: Datum): Datum | Problem {
  const name = textOf(key);
  if (name !== undefined) return fieldOf(datum, name);
  const index = isAbsent(key) ? undefined : integerOf(key);
  return index === undefined ? mismatch(key) : sequenceOf(datum)?.[index];
}
