// SPDX-License-Identifier: MIT
import { dumpBinary, IonTypes, type dom } from "ion-js";
import { sliceSizeAtMost } from "../binary/slice-size";
import { sourceOf } from "./lazy-struct";

/** Type descriptor and the longest length that fits documents of ledgers. */
const HEADER_BYTES = 6;
const FIELD_NAME_BYTES = 4;
const TIMESTAMP_BYTES = 40;
const FLOAT_BYTES = 9;

/**
 * An upper bound of the value's size as Ion binary, found without encoding it, which would cost ten times as much.
 *
 * @returns bytes, symbol table and version marker included.
 */
export function ionSizeAtMost(value: dom.Value): number {
  const symbols = new Set<string>();
  let bytes = 4 + 2 * HEADER_BYTES + sizeOf(value, symbols);
  for (const symbol of symbols) bytes += HEADER_BYTES + utf8Length(symbol);
  return bytes;
}

/** The value's exact size as Ion binary, in bytes. Slow: only for values near a limit. */
export function ionSize(value: dom.Value): number {
  return dumpBinary(value).length;
}

function sizeOf(value: dom.Value, symbols: Set<string>): number {
  const annotations = value.getAnnotations();
  let bytes = HEADER_BYTES;
  if (annotations.length > 0) {
    bytes += 2 * HEADER_BYTES + annotations.length * FIELD_NAME_BYTES;
    for (const annotation of annotations) symbols.add(annotation);
  }
  return value.isNull() ? bytes : bytes + bodySizeOf(value, symbols);
}

function bodySizeOf(value: dom.Value, symbols: Set<string>): number {
  switch (value.getType()) {
    case IonTypes.BOOL:
      return 0;
    case IonTypes.INT:
      return bigIntLength(value.bigIntValue());
    case IonTypes.FLOAT:
      return FLOAT_BYTES;
    case IonTypes.DECIMAL:
      return HEADER_BYTES + bigIntLength(value.decimalValue()?.getCoefficient());
    case IonTypes.TIMESTAMP:
      return TIMESTAMP_BYTES;
    case IonTypes.STRING:
      return utf8Length(value.stringValue() ?? "");
    case IonTypes.SYMBOL:
      symbols.add(value.stringValue() ?? "");
      return FIELD_NAME_BYTES;
    case IonTypes.BLOB:
    case IonTypes.CLOB:
      return value.uInt8ArrayValue()?.length ?? 0;
    case IonTypes.STRUCT:
      return sizeOfFields(value, symbols);
    default:
      return value.elements().reduce((sum, element) => sum + sizeOf(element, symbols), 0);
  }
}

function sizeOfFields(struct: dom.Value, symbols: Set<string>): number {
  const source = sourceOf(struct);
  if (source !== undefined) {
    const { slice, changed } = source;
    const bytes = sliceSizeAtMost(slice, symbols);
    return changed?.value === undefined ? bytes : bytes + sizeOfField(changed.name, changed.value, symbols);
  }
  let bytes = 0;
  for (const [name, values] of struct.allFields())
    for (const value of values) bytes += sizeOfField(name, value, symbols);
  return bytes;
}

function sizeOfField(name: string, value: dom.Value, symbols: Set<string>): number {
  symbols.add(name);
  return FIELD_NAME_BYTES + sizeOf(value, symbols);
}

function bigIntLength(value: bigint | null | undefined): number {
  return value === null || value === undefined ? 0 : value.toString(16).length / 2 + 2;
}

function utf8Length(text: string): number {
  return Buffer.byteLength(text, "utf8");
}
