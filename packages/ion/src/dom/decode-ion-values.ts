// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import { buildLazily } from "../binary/decode-ion";
import type { IonSlice } from "../binary/ion-slice";
import { IonStream, readSingleValue } from "../binary/ion-stream";
import { isVersionMarker } from "../binary/type-code";
import { validateIon } from "../binary/validate-ion";
import { IonTextStream } from "../text/ion-text-stream";

/**
 * Builds every top-level value that Ion binary or text holds, in order. Structs within them are checked, and built when somebody asks
 * for their fields.
 *
 * @throws MalformedIonError if it is not Ion, or cut short; UnknownSymbolError if it uses `$0` or a shared symbol table.
 */
export function decodeIonValues(body: Uint8Array | string): dom.Value[] {
  if (typeof body !== "string" && isVersionMarker(body)) return Array.from(new IonStream(body), decodeLazily);
  return Array.from(new IonTextStream(body), decodeLazily);
}

/**
 * Builds the one value that Ion binary holds but for the structs within it, which are checked, and built when somebody asks for their
 * fields. Until then they are encoded, measured, compared and hashed as the bytes that they are, which MUST NOT change.
 *
 * @throws MalformedIonError, UnknownSymbolError
 */
export function decodeLazily(binary: Uint8Array | IonSlice): dom.Value {
  const value = binary instanceof Uint8Array ? readSingleValue(binary) : binary;
  validateIon(value);
  return buildLazily(value);
}
