// SPDX-License-Identifier: MIT
import { decodeValues, InvalidEventError } from "@ledger-loader/core";
import { dom, IonTypes } from "ion-js";
import { fromEpoch, fromEpochDays } from "../value/epoch-time";
import { kindOf } from "../value/record-path";
import { bytesOf, decimalOf } from "../value/value-type";

/** A time without a zone: nobody knows at which offset it was. */
const UNKNOWN_OFFSET = "-00:00";

type Conversion = (value: dom.Value, schema: dom.Struct) => dom.Value | undefined;

/** The values of a named schema. Source: Debezium's documentation, "Data type mappings", and Kafka Connect's logical types. */
const BY_NAME: ReadonlyMap<string, Conversion> = new Map<string, Conversion>([
  ["org.apache.kafka.connect.data.Decimal", (value, schema) => decimalOf(value, scaleOf(schema))],
  ["io.debezium.data.VariableScaleDecimal", variableScale],
  ["org.apache.kafka.connect.data.Date", (value) => ofInt(value, fromEpochDays)],
  ["io.debezium.time.Date", (value) => ofInt(value, fromEpochDays)],
  ["org.apache.kafka.connect.data.Timestamp", (value) => ofEpoch(value, 3)],
  ["io.debezium.time.Timestamp", (value) => ofEpoch(value, 3)],
  ["io.debezium.time.MicroTimestamp", (value) => ofEpoch(value, 6)],
  ["io.debezium.time.NanoTimestamp", (value) => ofEpoch(value, 9)],
  ["io.debezium.time.ZonedTimestamp", zoned],
]);

/**
 * Gives a value of Kafka Connect's JSON the type that its schema names: exact decimals, dates, times and bytes. Other values
 * stay as they are.
 *
 * @throws InvalidEventError if the value is not what the schema says. Never repeats the value.
 */
export function toConnectValue(value: dom.Value, schema: dom.Value | null, place: string): dom.Value {
  if (value.isNull() || !(schema instanceof dom.Struct)) return value;
  const name = textField(schema, "name");
  const conversion = name === undefined ? undefined : BY_NAME.get(name);
  const type = textField(schema, "type");
  if (conversion !== undefined) return need(conversion(value, schema), value, place, name);
  if (type === "bytes") return need(toBlob(value), value, place, "bytes");
  if (type === "struct" && value instanceof dom.Struct) return toStruct(value, schema, place);
  if (type === "array" && value instanceof dom.List) {
    const items = schema.get("items");
    return new dom.List(value.elements().map((each) => toConnectValue(each, items, place)));
  }
  return value;
}

function toStruct(value: dom.Struct, schema: dom.Struct, place: string): dom.Struct {
  const schemas = new Map<string, dom.Value>();
  for (const field of schema.get("fields")?.elements() ?? []) {
    const name = field instanceof dom.Struct ? textField(field, "field") : undefined;
    if (name !== undefined) schemas.set(name, field);
  }
  return new dom.Struct(
    value
      .fields()
      .map(([name, each]) => [name, toConnectValue(each, schemas.get(name) ?? null, `${place}.${name}`)]),
  );
}

/** The schema of a struct's field. */
export function schemaOfField(schema: dom.Value | null, name: string): dom.Value | null {
  if (!(schema instanceof dom.Struct)) return null;
  const fields = schema.get("fields")?.elements() ?? [];
  return fields.find((field) => field instanceof dom.Struct && textField(field, "field") === name) ?? null;
}

function need(
  converted: dom.Value | undefined,
  value: dom.Value,
  place: string,
  expected: string | undefined,
): dom.Value {
  if (converted !== undefined) return converted;
  throw new InvalidEventError(place, `a value of its schema, ${expected ?? ""}`, kindOf(value));
}

function scaleOf(schema: dom.Struct): number {
  const text = schema.get("parameters", "scale")?.stringValue() ?? "";
  if (/^-?\d{1,4}$/.test(text)) return Number(text);
  throw new InvalidEventError("the schema of a decimal", "a scale among its parameters", "none");
}

function variableScale(value: dom.Value): dom.Value | undefined {
  if (!(value instanceof dom.Struct)) return undefined;
  const scale = value.get("scale")?.numberValue();
  const bytes = value.get("value");
  return bytes === null || typeof scale !== "number" ? undefined : decimalOf(bytes, scale);
}

function ofInt(value: dom.Value, convert: (count: bigint) => dom.Value | undefined): dom.Value | undefined {
  const int = value.getType() === IonTypes.INT ? value.bigIntValue() : null;
  return int === null ? undefined : convert(int);
}

function ofEpoch(value: dom.Value, places: number): dom.Value | undefined {
  return ofInt(value, (count) => fromEpoch(count, places, UNKNOWN_OFFSET));
}

const ZONED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

function zoned(value: dom.Value): dom.Value | undefined {
  const text = value.getType() === IonTypes.STRING ? (value.stringValue() ?? "") : "";
  if (!ZONED.test(text)) return undefined;
  try {
    return decodeValues(text)[0];
  } catch (error) {
    if (error instanceof InvalidEventError) return undefined;
    throw error;
  }
}

function toBlob(value: dom.Value): dom.Value | undefined {
  const bytes = bytesOf(value);
  return bytes && new dom.Blob(bytes);
}

function textField(struct: dom.Struct, name: string): string | undefined {
  const value = struct.get(name);
  return value?.getType() === IonTypes.STRING ? (value.stringValue() ?? undefined) : undefined;
}
