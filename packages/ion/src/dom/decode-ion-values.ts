// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import { decodeIon } from "../binary/decode-ion";
import { IonStream, readSingleValue } from "../binary/ion-stream";
import { isVersionMarker } from "../binary/type-code";
import { IonTextStream } from "../text/ion-text-stream";

/**
 * Builds every top-level value that Ion binary or text holds, in order.
 *
 * @throws MalformedIonError if it is not Ion, or cut short; UnknownSymbolError if it uses `$0` or a shared symbol table.
 */
export function decodeIonValues(body: Uint8Array | string): dom.Value[] {
  if (typeof body !== "string" && isVersionMarker(body)) return Array.from(new IonStream(body), decodeIon);
  return Array.from(new IonTextStream(body), (binary) => decodeIon(readSingleValue(binary)));
}
