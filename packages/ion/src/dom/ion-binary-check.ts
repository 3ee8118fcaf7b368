// SPDX-License-Identifier: MIT

import { isVersionMarker, TypeCode, VERSION_MARKER } from "../binary/type-code";

/** Tells Ion binary from text by its version marker. */
export function isIonBinary(bytes: Uint8Array): boolean {
  return isVersionMarker(bytes);
}

/**
 * Checks that every length in Ion binary fits into what contains it, down to the last byte.
 *
 * ion-js reads truncated binary without complaint and makes nulls of what is missing; in a ledger that would be a
 * falsified document.
 *
 * @throws RangeError saying at which byte the first length does not fit.
 */
export function checkIonBinary(bytes: Uint8Array): void {
  const end = bytes.length;
  for (let at = 0; at < end;) {
    at = isVersionMarker(bytes, at) ? at + VERSION_MARKER.length : checkValue(bytes, at, end);
  }
}

/** Checks the value at `at` and returns where it ends. */
function checkValue(bytes: Uint8Array, at: number, end: number): number {
  const descriptor = byteAt(bytes, at, end);
  const type = descriptor >> 4;
  const nibble = descriptor & 0x0f;
  if (type === 15) throw new RangeError(`the type at byte ${at} is reserved`);
  // A null has no body, and a bool keeps its value in the nibble.
  if (nibble === 15 || type === TypeCode.BOOL) return at + 1;
  const hasLength = nibble === 14 || (type === TypeCode.STRUCT && nibble === 1);
  const [length, bodyAt] = hasLength ? readVarUInt(bytes, at + 1, end) : [nibble, at + 1];
  const bodyEnd = bodyAt + length;
  if (bodyEnd > end) throw new RangeError(`the value at byte ${at} ends ${bodyEnd - end} bytes too late`);
  checkBody(bytes, type, bodyAt, bodyEnd);
  return bodyEnd;
}

function checkBody(bytes: Uint8Array, type: number, bodyAt: number, end: number): void {
  if (type === TypeCode.ANNOTATION) {
    const [annotationsLength, annotationsAt] = readVarUInt(bytes, bodyAt, end);
    const valueEnd = checkValue(bytes, annotationsAt + annotationsLength, end);
    if (valueEnd !== end) throw new RangeError(`the annotated value at byte ${bodyAt} ends early`);
  } else if (type >= TypeCode.LIST && type <= TypeCode.STRUCT) {
    for (let at = bodyAt; at < end;) {
      const valueAt = type === TypeCode.STRUCT ? readVarUInt(bytes, at, end)[1] : at;
      at = checkValue(bytes, valueAt, end);
    }
  }
}

function readVarUInt(bytes: Uint8Array, start: number, end: number): [value: number, next: number] {
  let value = 0;
  for (let at = start; ; at++) {
    const byte = byteAt(bytes, at, end);
    value = value * 128 + (byte & 0x7f);
    if ((byte & 0x80) !== 0) return [value, at + 1];
  }
}

function byteAt(bytes: Uint8Array, at: number, end: number): number {
  const byte = at < end ? bytes[at] : undefined;
  if (byte === undefined) throw new RangeError(`it ends within the value at byte ${at}`);
  return byte;
}
