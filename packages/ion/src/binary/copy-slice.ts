// SPDX-License-Identifier: MIT
import { malformed, MAX_ION_DEPTH } from "../ion-errors";
import { IonSlice } from "./ion-slice";
import { IonWriter } from "./ion-writer";
import { readSingleValue } from "./ion-stream";
import { NULL_NIBBLE, TypeCode } from "./type-code";

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
    if (depth >= MAX_ION_DEPTH)
      throw malformed(`containers nested at most ${MAX_ION_DEPTH} deep`, value.start);
    copyContainer(writer, value, depth + 1);
  } else {
    writer.representation(code, low, value.bytes, value.body, value.end);
  }
}

function copyContainer(writer: IonWriter, value: IonSlice, depth: number): void {
  writer.open(value.code);
  if (value.code === TypeCode.STRUCT) {
    for (const [name, field] of value.fields()) {
      writer.fieldName(name);
      copySlice(writer, field, depth);
    }
  } else {
    for (const element of value.elements()) copySlice(writer, element, depth);
  }
  writer.close();
}
