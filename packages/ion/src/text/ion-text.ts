// SPDX-License-Identifier: MIT
import { formatTimestamp } from "./timestamp-text";
import type { IonSlice } from "../binary/ion-slice";
import { readSingleValue } from "../binary/ion-stream";
import { clobText, quoteString, quoteSymbol } from "./ion-text-quoting";
import { decimalText, floatText, intText } from "./ion-text-scalars";

/**
 * Prints one value of self-contained Ion binary as Ion text, on a line of its own.
 *
 * Nothing is lost: precision of timestamps and decimals, typed nulls, annotations, field order. ion-js is not used
 * here because it normalises some timestamps, which would change what hashes cover.
 */
export function binaryToText(ion: Uint8Array): Uint8Array {
  return Buffer.from(`${printBinary(ion)}\n`, "utf8");
}

/** {@link binaryToText} without the end of the line, as a string. */
export function printBinary(ion: Uint8Array): string {
  const parts: string[] = [];
  print(readSingleValue(ion), parts);
  return parts.join("");
}

function print(value: IonSlice, parts: string[]): void {
  if (value.isAnnotated)
    for (const annotation of value.annotations()) parts.push(quoteSymbol(annotation), "::");
  if (value.isNull) parts.push(value.type === "null" ? "null" : `null.${value.type}`);
  else if (value.type === "struct") printStruct(value, parts);
  else if (value.type === "list") printElements(value, "[", ",", "]", parts);
  else if (value.type === "sexp") printElements(value, "(", " ", ")", parts);
  else parts.push(scalarText(value));
}

function printStruct(value: IonSlice, parts: string[]): void {
  let separator = "{";
  for (const [name, field] of value.fields()) {
    parts.push(separator, quoteSymbol(name), ":");
    print(field, parts);
    separator = ",";
  }
  parts.push(separator === "{" ? "{}" : "}");
}

function printElements(
  value: IonSlice,
  open: string,
  separator: string,
  close: string,
  parts: string[],
): void {
  let before = open;
  for (const element of value.elements()) {
    parts.push(before);
    print(element, parts);
    before = separator;
  }
  parts.push(before === open ? open + close : close);
}

function scalarText(value: IonSlice): string {
  const content = value.bytes.subarray(value.body, value.end);
  switch (value.type) {
    case "bool":
      return value.low === 1 ? "true" : "false";
    case "int":
      return intText(value);
    case "float":
      return floatText(content);
    case "decimal":
      return decimalText(content);
    case "timestamp":
      return formatTimestamp(value);
    case "string":
      return quoteString(value.stringValue());
    case "symbol":
      return quoteSymbol(value.symbols.text(value.symbolId()));
    case "clob":
      return clobText(content);
    case "blob":
      return `{{${Buffer.from(content.buffer, content.byteOffset, content.length).toString("base64")}}}`;
    case "null":
    case "list":
    case "sexp":
    case "struct":
      return "null";
  }
}
