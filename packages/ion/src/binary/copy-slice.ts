// SPDX-License-Identifier: MIT
import { requireDepth } from "../ion-errors";
import { IonSlice } from "./ion-slice";
import { IonWriter } from "./ion-writer";
import { readSingleValue } from "./ion-stream";
import { IonScanner } from "./ion-scanner";
import { NULL_NIBBLE, TypeCode } from "./type-code";
import { varUIntSize } from "./variable-length";

/** The length nibble of values whose length stands behind it. */
const LENGTH_FOLLOWS = 14;

/** One scanner serves all copies: what it has read is used before anything else is copied. */
const scanner = new IonScanner(new Uint8Array(0));

/**
 * Copies a value out of its stream: self-contained Ion binary that needs no other symbol table.
 *
 * Scalars are copied byte for byte; only symbol ids and the lengths around them change. The hash stays the same.
 */
export function toIonBinary(value: IonSlice): Uint8Array {
  const writer = new IonWriter();
  copySlice(writer, value);
  return writer.finish();
}

/** A copy of a value as a slice of its own, which keeps no part of the bytes it came from. */
export function detach(value: IonSlice): IonSlice {
  return readSingleValue(toIonBinary(value));
}

/** Writes a copy of `value` where `writer` stands. */
export function copySlice(writer: IonWriter, value: IonSlice, depth = 0): void {
  if (value.isAnnotated) {
    writer.openAnnotations(value.annotations());
    copyBare(writer, value, depth);
    writer.close();
  } else {
    copyBare(writer, value, depth);
  }
}

function copyBare(writer: IonWriter, value: IonSlice, depth: number): void {
  const { code, low } = value;
  if (low === NULL_NIBBLE) {
    writer.null(code);
  } else if (code === TypeCode.SYMBOL) {
    writer.symbol(value.symbols.text(value.symbolId()));
  } else if (code === TypeCode.LIST || code === TypeCode.SEXP || code === TypeCode.STRUCT) {
    requireDepth(depth, value.start);
    copyContainer(writer, value, depth + 1);
  } else {
    writer.representation(code, low, value.bytes, value.body, value.end);
  }
}

function copyContainer(writer: IonWriter, value: IonSlice, depth: number): void {
  writer.open(value.code);
  if (value.code === TypeCode.STRUCT) copyFields(writer, value, depth);
  else copyElements(writer, value, depth);
  writer.close();
}

/**
 * Writes copies of a struct's fields into the struct that is open.
 *
 * @param except - the name of fields that are left out
 */
export function copyFields(
  writer: IonWriter,
  { bytes, body, end, symbols }: IonSlice,
  depth: number,
  except?: string,
): void {
  for (let at = body; at < end;) {
    const sid = scanner.on(bytes).varUInt(at, end);
    const value = scanner.at;
    scanner.header(value, end);
    at = scanner.end;
    if (scanner.isPadding()) continue;
    const name = symbols.text(sid);
    if (except !== undefined && name === except) continue;
    writer.fieldName(name);
    if (isVerbatim(value)) writer.verbatim(bytes, value, at);
    else copySlice(writer, new IonSlice(bytes, value, at, symbols), depth);
  }
}

/** Neighbours that are copied byte for byte are copied in one piece: an element may be a single byte. */
function copyElements(writer: IonWriter, { bytes, body, end, symbols }: IonSlice, depth: number): void {
  let uncopied = body;
  for (let at = body; at < end;) {
    const value = at;
    scanner.on(bytes).header(value, end);
    at = scanner.end;
    if (!scanner.isPadding() && isVerbatim(value)) continue;
    const isValue = !scanner.isPadding();
    writer.verbatim(bytes, uncopied, value);
    if (isValue) copySlice(writer, new IonSlice(bytes, value, at, symbols), depth);
    uncopied = at;
  }
  writer.verbatim(bytes, uncopied, end);
}

/**
 * True for a value without symbols, just scanned, whose header has the shortest form, so that it has one form only. An empty
 * container is one, too.
 *
 * @param at - where it begins
 */
function isVerbatim(at: number): boolean {
  const { code, low, body, end } = scanner;
  if (code >= TypeCode.LIST) return low === 0 && code <= TypeCode.STRUCT;
  if (code === TypeCode.SYMBOL) return false;
  const length = end - body;
  return low !== LENGTH_FOLLOWS || (length >= LENGTH_FOLLOWS && body - at - 1 === varUIntSize(length));
}
