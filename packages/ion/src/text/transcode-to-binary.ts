// SPDX-License-Identifier: MIT
import { MalformedIonError } from "../ion-errors";
import { IonTextStream } from "./ion-text-stream";
import type { SharedSymbols } from "../binary/symbol-table";
import { decodeUtf8 } from "../binary/utf8";

/**
 * Turns Ion text with exactly one value into self-contained Ion binary; nothing about the value is lost.
 *
 * @throws MalformedIonError if the text is not Ion, or holds no value or several.
 */
export function transcodeToBinary(text: Uint8Array | string, shared?: SharedSymbols): Uint8Array {
  const source = typeof text === "string" ? text : decodeUtf8(text, 0, text.length);
  const stream = new IonTextStream(source, shared === undefined ? {} : { shared });
  const value = stream.next();
  if (value === undefined || stream.next() !== undefined) {
    throw new MalformedIonError(
      `Expected exactly one Ion value, found ${value === undefined ? "none" : "several"}: pass one value at a time.`,
    );
  }
  return value;
}
