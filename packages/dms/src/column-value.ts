// SPDX-License-Identifier: MIT
import { InvalidEventError, decodeValues } from "@ledger-loader/core";
import { Decimal, dom, IonTypes, Timestamp } from "ion-js";

/** The type of a column in the document, where DMS's JSON does not tell it. */
export type ColumnType = "int" | "decimal" | "float" | "bool" | "string" | "timestamp" | "blob" | "json";

/** Values read from the text of a column, in which DMS shortens no number. */
const FROM_TEXT = new WeakSet<dom.Value>();

type Conversion = (value: dom.Value) => dom.Value | undefined;

const CONVERSIONS: Readonly<Record<ColumnType, Conversion>> = {
  int: toInt,
  decimal: toDecimal,
  float: toFloat,
  bool: toBool,
  string: (value) => (isText(value) ? value : undefined),
  timestamp: toTimestamp,
  blob: toBlob,
  json: (value) => {
    const [only, ...others] = isText(value) ? decodeValues(textOf(value)) : [];
    if (only === undefined || others.length > 0) return undefined;
    FROM_TEXT.add(only);
    return only;
  },
};

/** Every type, in the order of the reference. */
export const COLUMN_TYPES: readonly ColumnType[] = Object.keys(CONVERSIONS) as ColumnType[];

/**
 * Gives a column's value the type that the mapping names. NULL stays null.
 *
 * @throws InvalidEventError if the value cannot be that type without losing something. Never repeats the value.
 */
export function toColumnValue(value: dom.Value, type: ColumnType, column: string): dom.Value {
  if (value.isNull()) return value;
  const converted = convert(value, type);
  if (converted !== undefined) return converted;
  const hint = isScientific(value) ? ", in scientific notation, which may lack digits" : "";
  throw new InvalidEventError(
    `column ${column}`,
    `a value of type ${type}`,
    `${value.getType().name}${hint}`,
  );
}

/**
 * Refuses numbers that DMS has shortened.
 *
 * DMS prints integers of more than 16 digits in scientific notation. With every digit there (`1.234e+3`) the number is
 * exact; with fewer (`1.2e+20`) nobody can tell zeros from digits that were cut off, and a wrong number must not get
 * into a ledger. Text that was read as JSON, a column of type json, was not shortened and is not looked into.
 *
 * @throws InvalidEventError naming the field, never the value.
 */
export function checkExact(value: dom.Value, field: string): void {
  if (value.isNull() || FROM_TEXT.has(value)) return;
  if (isScientific(value)) {
    throw new InvalidEventError(
      field,
      "a number with all its digits",
      "scientific notation, which may lack some (cast the column to a string in the DMS task, or map it as float)",
    );
  }
  if (value instanceof dom.Struct) {
    for (const [name, each] of value.fields()) checkExact(each, `${field}.${name}`);
  } else if (value.getType() === IonTypes.LIST) {
    for (const each of value.elements()) checkExact(each, field);
  }
}

/** True if digits may be missing: only scientific notation leads to a decimal with a positive exponent. */
function isScientific(value: dom.Value): boolean {
  const decimal = value.getType() === IonTypes.DECIMAL ? value.decimalValue() : null;
  return decimal !== null && decimal.getExponent() > 0 && decimal.getCoefficient() !== 0n;
}

function convert(value: dom.Value, type: ColumnType): dom.Value | undefined {
  try {
    return CONVERSIONS[type](value);
  } catch {
    // The parsers' messages may repeat the value; the caller says what was expected.
    return undefined;
  }
}

function toInt(value: dom.Value): dom.Value | undefined {
  if (value.getType() === IonTypes.INT) return value;
  if (isText(value)) return /^-?\d+$/.test(textOf(value)) ? dom.Value.from(BigInt(textOf(value))) : undefined;
  const decimal = value.getType() === IonTypes.DECIMAL ? value.decimalValue() : null;
  if (decimal === null || isScientific(value)) return undefined;
  const digits = decimal.getCoefficient();
  if (digits === 0n) return new dom.Integer(0);
  const places = -decimal.getExponent();
  // With more places than digits it is below one; a power of ten of a thousand million digits is never made.
  if (places > digits.toString().length) return undefined;
  const divisor = 10n ** BigInt(places);
  return digits % divisor === 0n ? dom.Value.from(digits / divisor) : undefined;
}

function toDecimal(value: dom.Value): dom.Value | undefined {
  if (value.getType() === IonTypes.DECIMAL) return isScientific(value) ? undefined : value;
  const text =
    value.getType() === IonTypes.INT ? String(value.bigIntValue()) : isText(value) ? textOf(value) : "";
  return /^-?\d+(\.\d+)?$/.test(text) ? dom.Value.from(new Decimal(text)) : undefined;
}

function toFloat(value: dom.Value): dom.Value | undefined {
  const text = numberText(value) ?? (isText(value) ? textOf(value) : "");
  const number = text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(number) ? new dom.Float(number) : undefined;
}

function numberText(value: dom.Value): string | undefined {
  if (value.getType() === IonTypes.INT) return String(value.bigIntValue());
  const decimal = value.getType() === IonTypes.DECIMAL ? value.decimalValue() : null;
  return decimal === null ? undefined : `${decimal.getCoefficient()}e${decimal.getExponent()}`;
}

const BOOLS: Readonly<Record<string, boolean>> = {
  "1": true,
  "0": false,
  t: true,
  f: false,
  true: true,
  false: false,
};

function toBool(value: dom.Value): dom.Value | undefined {
  if (value.getType() === IonTypes.BOOL) return value;
  const text =
    value.getType() === IonTypes.INT ? String(value.bigIntValue()) : isText(value) ? textOf(value) : "";
  const bool = BOOLS[text.toLowerCase()];
  return bool === undefined ? undefined : dom.Value.from(bool);
}

const ZONED = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d))?$/;

function toTimestamp(value: dom.Value): dom.Value | undefined {
  // A time of day without an offset names no instant.
  const [, date, time, offset] = isText(value) ? (ZONED.exec(textOf(value)) ?? []) : [];
  if (date === undefined) return undefined;
  const timestamp = Timestamp.parse(time === undefined ? date : `${date}T${time}${offset ?? ""}`);
  return timestamp === null ? undefined : dom.Value.from(timestamp);
}

function toBlob(value: dom.Value): dom.Value | undefined {
  const [, digits] = isText(value) ? (/^(?:0x)?((?:[0-9a-f]{2})*)$/i.exec(textOf(value)) ?? []) : [];
  return digits === undefined ? undefined : new dom.Blob(Buffer.from(digits, "hex"));
}

function isText(value: dom.Value): boolean {
  return value.getType() === IonTypes.STRING;
}

function textOf(value: dom.Value): string {
  return value.stringValue() ?? "";
}
