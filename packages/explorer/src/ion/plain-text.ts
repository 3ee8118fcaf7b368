// SPDX-License-Identifier: MIT
import { type IonSlice, printBinary, toIonBinary } from "@ledger-loader/ion";

/** A value for a cell: a string or symbol without quotes, all else as Ion text. */
export function plainText(value: IonSlice): string {
  const isText = (value.type === "string" || value.type === "symbol") && !value.isNull && !value.isAnnotated;
  return isText ? value.stringValue() : ionText(value);
}

/** A value as Ion text on one line. */
export function ionText(value: IonSlice): string {
  return printBinary(toIonBinary(value));
}
