// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import { encodeIon } from "../binary/encode-ion";
import { printBinary } from "../text/ion-text";

/**
 * An Ion value as Ion text that reads back equal.
 *
 * ion-js's own text writer leaves the quotes off empty symbols and field names, which nothing can read, and takes ten times
 * as long for a list of numbers.
 *
 * @throws UnencodableValueError if the value has no Ion encoding, such as a text with half a surrogate pair.
 */
export function toIonText(value: dom.Value): string {
  return printBinary(encodeIon(value));
}
