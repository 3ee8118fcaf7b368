// SPDX-License-Identifier: MIT
import { decodeValues, InvalidEventError } from "@ledger-loader/core";
import { Decimal, dom, IonTypes } from "ion-js";
import { fromEpoch } from "../value/epoch-time";
import { bytesOf } from "../value/value-type";

type Conversion = (value: dom.Value) => dom.Value | undefined;

/** The types of MongoDB's Extended JSON (version 2), by the name that marks them. */
const BY_MARK: Readonly<Record<string, Conversion>> = {
  $oid: (value) => (isText(value) ? value : undefined),
  $numberInt: toInt,
  $numberLong: toInt,
  $numberDecimal: toDecimal,
  $numberDouble: (value) =>
    Number.isFinite(Number(textOf(value) || "NaN")) ? new dom.Float(Number(textOf(value))) : undefined,
  $date: toDate,
  $uuid: (value) => (isText(value) ? value : undefined),
  $binary: (value) => {
    const bytes = value instanceof dom.Struct ? value.get("base64") : value;
    const decoded = bytes === null ? undefined : bytesOf(bytes);
    return decoded && new dom.Blob(decoded);
  },
};

/**
 * Reads text that holds one value of MongoDB's Extended JSON. Object ids become strings, dates timestamps, binary data blobs, and
 * numbers keep all their digits. A type without a counterpart, such as `$timestamp`, stays a struct.
 *
 * @throws InvalidEventError naming the place and never the value.
 */
export function readExtendedJson(text: string, place: string): dom.Value {
  const [value, ...others] = decodeValues(text);
  if (value === undefined || others.length > 0)
    throw new InvalidEventError(place, "one JSON value", "several or none");
  return toIon(value, place);
}

function toIon(value: dom.Value, place: string): dom.Value {
  if (value instanceof dom.List && !value.isNull())
    return new dom.List(value.elements().map((each) => toIon(each, place)));
  if (!(value instanceof dom.Struct) || value.isNull()) return value;
  const [first] = value.fields();
  const [mark, marked] = first ?? [];
  const isMarked = mark !== undefined && Object.hasOwn(BY_MARK, mark);
  const isWhole = value.fields().length === 1 || (mark === "$binary" && value.get("$type") !== null);
  if (!isMarked || marked === undefined || !isWhole)
    return new dom.Struct(value.fields().map(([name, each]) => [name, toIon(each, `${place}.${name}`)]));
  const converted = BY_MARK[mark]?.(marked);
  if (converted === undefined)
    throw new InvalidEventError(place, `a value of Extended JSON's ${mark}`, "another");
  return converted;
}

function toInt(value: dom.Value): dom.Value | undefined {
  if (value.getType() === IonTypes.INT) return value;
  return /^-?\d{1,20}$/.test(textOf(value)) ? dom.Value.from(BigInt(textOf(value))) : undefined;
}

const DECIMAL = /^(-?\d+(?:\.\d+)?)(?:E([+-]?\d{1,5}))?$/i;

function toDecimal(value: dom.Value): dom.Value | undefined {
  const [, digits, exponent = "0"] = DECIMAL.exec(textOf(value)) ?? [];
  return digits === undefined ? undefined : dom.Value.from(new Decimal(`${digits}d${Number(exponent)}`));
}

function toDate(value: dom.Value): dom.Value | undefined {
  const inner = value instanceof dom.Struct ? value.get("$numberLong") : value;
  const ms = inner === null ? undefined : toInt(inner);
  if (ms !== undefined) return fromEpoch(ms.bigIntValue() ?? 0n, 3, "Z");
  const parsed = /^\d{4}-/.test(textOf(value)) ? Date.parse(textOf(value)) : NaN;
  return Number.isNaN(parsed) ? undefined : fromEpoch(BigInt(parsed), 3, "Z");
}

function isText(value: dom.Value): boolean {
  return value.getType() === IonTypes.STRING && !value.isNull();
}

function textOf(value: dom.Value): string {
  return isText(value) ? (value.stringValue() ?? "") : "";
}
