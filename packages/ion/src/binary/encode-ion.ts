// SPDX-License-Identifier: MIT
import { dom, IonTypes, TimestampPrecision } from "ion-js";
import type { Timestamp } from "ion-js";
import { MAX_ION_DEPTH, UnencodableValueError } from "../ion-errors";
import { IonWriter } from "./ion-writer";
import type { UtcTimestamp } from "./timestamp-parts";
import { TypeCode } from "./type-code";

/** One writer serves all calls; it is empty again after each. */
let writer = new IonWriter();

/**
 * Encodes a value as self-contained Ion 1.0 binary, always to the same bytes for the same value.
 *
 * Nothing is lost: annotations, typed nulls, precision and offset of timestamps, fields of one name. ion-js keeps
 * the fields of one name together and integer-like names first; that order is kept, as it has no meaning in Ion.
 *
 * @throws UnencodableValueError if `value` is no Ion value, holds text that is not Unicode, or nests too deeply.
 */
export function encodeIon(value: dom.Value): Uint8Array {
  try {
    writeValue(writer, value, 0);
    return writer.finish();
  } catch (error) {
    writer = new IonWriter();
    throw error;
  }
}

/** Writes `value` where `writer` stands. */
export function writeValue(writer: IonWriter, value: dom.Value, depth = 0): void {
  if (typeof value !== "object" || !(value instanceof dom.Value)) {
    throw new UnencodableValueError(
      `Expected an Ion value, found a ${typeof value}: convert it with dom.Value.from.`,
    );
  }
  const annotations = value.getAnnotations();
  if (annotations.length > 0) {
    writer.openAnnotations(annotations);
    writeBare(writer, value, depth);
    writer.close();
  } else {
    writeBare(writer, value, depth);
  }
}

function writeBare(writer: IonWriter, value: dom.Value, depth: number): void {
  const code = value.getType().binaryTypeId;
  if (value.isNull()) {
    writer.null(code);
    return;
  }
  switch (code) {
    case TypeCode.STRUCT:
      writeStruct(writer, value, depth);
      break;
    case TypeCode.LIST:
    case TypeCode.SEXP:
      descend(depth);
      writer.open(code);
      // `elements()` copies them through a proxy, which takes five times as long.
      for (const element of value as dom.Value & Iterable<dom.Value>) writeValue(writer, element, depth + 1);
      writer.close();
      break;
    case TypeCode.BOOL:
      writer.bool(value.booleanValue() === true);
      break;
    case TypeCode.INT:
      writer.int(integerOf(value));
      break;
    case TypeCode.FLOAT:
      writer.float(value.numberValue() ?? 0);
      break;
    case TypeCode.STRING:
      writer.string(value.stringValue() ?? "");
      break;
    case TypeCode.SYMBOL:
      writer.symbol(value.stringValue() ?? undefined);
      break;
    case TypeCode.CLOB:
    case TypeCode.BLOB:
      writer.lob(code, value.uInt8ArrayValue() ?? new Uint8Array(0));
      break;
    default:
      writeNumberLike(writer, value);
  }
}

function writeNumberLike(writer: IonWriter, value: dom.Value): void {
  if (value.getType() === IonTypes.DECIMAL) {
    const decimal = value.decimalValue();
    if (decimal !== null)
      writer.decimal(decimal.getCoefficient(), decimal.getExponent(), decimal.isNegative());
  } else if (value.getType() === IonTypes.TIMESTAMP) {
    const timestamp = value.timestampValue();
    if (timestamp !== null) writer.timestamp(toUtc(timestamp));
  } else {
    throw new UnencodableValueError(
      `Expected an Ion type, found ${value.getType().name}: convert the value first.`,
    );
  }
}

function writeStruct(writer: IonWriter, value: dom.Value, depth: number): void {
  descend(depth);
  writer.open(TypeCode.STRUCT);
  for (const [name, values] of value.allFields()) {
    for (const field of values) {
      writer.fieldName(name);
      writeValue(writer, field, depth + 1);
    }
  }
  writer.close();
}

function descend(depth: number): void {
  if (depth < MAX_ION_DEPTH) return;
  throw new UnencodableValueError(
    `Expected containers nested at most ${MAX_ION_DEPTH} deep: flatten the value.`,
  );
}

/** An integer as the narrower of the two types that can hold it; as a number it may be infinite. */
function integerOf(value: dom.Value): number | bigint {
  const number = value.numberValue() ?? 0;
  const isExact = Number.isSafeInteger(number) || (Number.isFinite(number) && !Number.isInteger(number));
  return isExact ? number : (value.bigIntValue() ?? 0n);
}

/**
 * A timestamp in UTC and its fraction, exactly.
 *
 * ion-js's own `getDate` rounds the fraction to milliseconds, and rounds .9996 s up into the next second, and from
 * the 59th into the next minute; so the minute is found first, by undoing that, and seconds come from the decimal.
 */
function toUtc(timestamp: Timestamp): UtcTimestamp {
  const precision = timestamp.getPrecision();
  const seconds = timestamp.getSecondsDecimal();
  const digits = Math.max(0, -seconds.getExponent());
  const scale = 10n ** BigInt(digits);
  const coefficient = seconds.getCoefficient() * 10n ** BigInt(Math.max(0, seconds.getExponent()));
  let addedMs = 0;
  if (precision === TimestampPrecision.SECONDS) {
    const whole = timestamp.getSecondsInt();
    addedMs = whole * 1000 + Math.round((seconds.numberValue() - whole) * 1000);
  }
  const date = new Date(timestamp.getDate().getTime() - addedMs);
  const fields = [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    Number(coefficient / scale),
  ];
  const offset = timestamp.getLocalOffset();
  return {
    offset: Object.is(offset, -0) ? undefined : offset,
    fields: fields.slice(0, FIELD_COUNT[precision]),
    fractionDigits: precision === TimestampPrecision.SECONDS ? digits : 0,
    fraction: coefficient % scale,
  };
}

/** How many fields a timestamp of each precision has; hours never stand without minutes. */
const FIELD_COUNT: Readonly<Record<TimestampPrecision, number>> = {
  [TimestampPrecision.YEAR]: 1,
  [TimestampPrecision.MONTH]: 2,
  [TimestampPrecision.DAY]: 3,
  [TimestampPrecision.HOUR_AND_MINUTE]: 5,
  [TimestampPrecision.SECONDS]: 6,
};
