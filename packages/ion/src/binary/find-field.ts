// SPDX-License-Identifier: MIT
import { toIonBinary } from "./copy-slice";
import { readSingleValue } from "./ion-stream";
import { TypeCode } from "./type-code";

/**
 * Finds a top-level field of a struct without building values, as self-contained Ion binary of its own.
 *
 * `undefined` if there is no such field, or if the value is no struct. Of several fields of that name the last counts,
 * as in ion-js. To look at several fields, or without a copy, use {@link readSingleValue} and {@link IonSlice.field}.
 */
export function findField(bytes: Uint8Array, name: string): Uint8Array | undefined {
  const value = readSingleValue(bytes);
  if (value.code !== TypeCode.STRUCT || value.isNull) return undefined;
  const field = value.field(name);
  return field && toIonBinary(field);
}
