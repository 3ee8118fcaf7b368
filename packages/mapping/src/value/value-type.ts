// SPDX-License-Identifier: MIT
import { InvalidEventError } from "@ledger-loader/core";
import { COLUMN_TYPES, type ColumnType, toColumnValue } from "@ledger-loader/dms";
import { Decimal, dom, IonTypes } from "ion-js";
import { fromEpoch, fromEpochDays, toEpochMicros } from "./epoch-time";
import { kindOf } from "./record-path";

/** The types that a mapping adds to those of a DMS column. */
const OWN_TYPES = [
  "base64",
  "decimal-base64",
  "epoch-days",
  "epoch-millis",
  "epoch-micros",
  "epoch-nanos",
  "micros",
] as const;

/** The type of a value in the event, where the record's JSON does not tell. */
export type ValueType = ColumnType | (typeof OWN_TYPES)[number];

/** Every type, in the order of the guide. */
export const VALUE_TYPES: readonly ValueType[] = [...COLUMN_TYPES, ...OWN_TYPES];

/**
 * Gives a value the type that the mapping names. Null stays null.
 *
 * @param scale - the decimal places of `decimal-base64`
 * @param place - the path, for the message
 * @throws InvalidEventError if the value cannot be that type without losing something. Never repeats the value.
 */
export function toType(value: dom.Value, type: ValueType, place: string, scale = 0): dom.Value {
  if (value.isNull()) return value;
  const converted = isOwn(type) ? convertOwn(value, type, scale) : convertColumn(value, type, place);
  if (converted !== undefined) return converted;
  throw new InvalidEventError(place, `a value of type ${type}`, kindOf(value));
}

function isOwn(type: ValueType): type is (typeof OWN_TYPES)[number] {
  return OWN_TYPES.some((own) => own === type);
}

function convertColumn(value: dom.Value, type: ColumnType, place: string): dom.Value | undefined {
  try {
    return toColumnValue(value, type, place);
  } catch (error) {
    // Its message speaks of a column.
    if (error instanceof InvalidEventError) return undefined;
    throw error;
  }
}

function convertOwn(
  value: dom.Value,
  type: (typeof OWN_TYPES)[number],
  scale: number,
): dom.Value | undefined {
  switch (type) {
    case "base64": {
      const bytes = bytesOf(value);
      return bytes && new dom.Blob(bytes);
    }
    case "decimal-base64":
      return decimalOf(value, scale);
    case "epoch-days":
      return ofInt(value, fromEpochDays);
    case "epoch-millis":
      return ofInt(value, (count) => fromEpoch(count, 3, "Z"));
    case "epoch-micros":
      return ofInt(value, (count) => fromEpoch(count, 6, "Z"));
    case "epoch-nanos":
      return ofInt(value, (count) => fromEpoch(count, 9, "Z"));
    case "micros": {
      const micros =
        value.getType() === IonTypes.STRING ? toEpochMicros(value.stringValue() ?? "") : undefined;
      return micros === undefined ? undefined : dom.Value.from(micros);
    }
  }
}

function ofInt(value: dom.Value, convert: (count: bigint) => dom.Value | undefined): dom.Value | undefined {
  const int = value.getType() === IonTypes.INT ? value.bigIntValue() : null;
  return int === null ? undefined : convert(int);
}

/** The bytes of a value in base64, as Kafka Connect's JSON has them, or of a blob. */
export function bytesOf(value: dom.Value): Uint8Array | undefined {
  if (value.getType() === IonTypes.BLOB) return value.uInt8ArrayValue() ?? undefined;
  const text = value.getType() === IonTypes.STRING ? value.stringValue() : null;
  if (text === null) return undefined;
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? new Uint8Array(bytes) : undefined;
}

/** The decimal whose unscaled value is big-endian two's complement, in base64: `org.apache.kafka.connect.data.Decimal`. */
export function decimalOf(value: dom.Value, scale: number): dom.Value | undefined {
  const bytes = bytesOf(value);
  if (bytes === undefined || bytes.length === 0) return undefined;
  const unscaled = BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString("hex")}`));
  return dom.Value.from(new Decimal(`${unscaled}d${-scale}`));
}
