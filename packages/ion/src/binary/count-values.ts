// SPDX-License-Identifier: MIT
import { IonScanner } from "./ion-scanner";
import { readSingleValue } from "./ion-stream";
import { NULL_NIBBLE, TypeCode } from "./type-code";

/**
 * Counts the values that Ion binary with one value holds, containers included. Only headers are looked at.
 *
 * @throws MalformedIonError
 */
export function countValues(ion: Uint8Array): number {
  const { bytes, start, end } = readSingleValue(ion);
  const scanner = new IonScanner(bytes);
  /** Where the containers end that are being counted, and whether each is a struct: no stack of calls is as deep as values. */
  const ends: number[] = [end];
  const structs: boolean[] = [false];
  let count = 0;
  for (let at = start; ends.length > 0;) {
    const limit = ends.at(-1) ?? end;
    if (at >= limit) {
      ends.pop();
      structs.pop();
      continue;
    }
    if (structs.at(-1) === true) {
      scanner.varUInt(at, limit);
      at = scanner.at;
    }
    scanner.header(at, limit);
    if (scanner.code === TypeCode.ANNOTATION) scanner.unwrap();
    if (!scanner.isPadding()) count += 1;
    at = scanner.end;
    if (isContainer(scanner.code) && scanner.low !== NULL_NIBBLE) {
      ends.push(scanner.end);
      structs.push(scanner.code === TypeCode.STRUCT);
      at = scanner.body;
    }
  }
  return count;
}

function isContainer(code: number): boolean {
  return code === TypeCode.LIST || code === TypeCode.SEXP || code === TypeCode.STRUCT;
}
