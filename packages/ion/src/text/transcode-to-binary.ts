// SPDX-License-Identifier: MIT
import { MalformedIonError } from "../ion-errors";
import { IonTextStream } from "./ion-text-stream";
import type { SharedSymbols, SymbolTable } from "../binary/symbol-table";
import { decodeUtf8 } from "../binary/utf8";

/**
 * Turns Ion text with exactly one value into self-contained Ion binary; nothing about the value is lost.
 *
 * @param options.symbols - the symbol table that holds for the value; default: Ion's own.
 * @param options.shared - finds shared symbol tables that the text imports.
 * @throws MalformedIonError if the text is not Ion, or holds no value or several.
 */
export function transcodeToBinary(
  text: Uint8Array | string,
  options: { readonly symbols?: SymbolTable; readonly shared?: SharedSymbols } = {},
): Uint8Array {
  const source = typeof text === "string" ? text : decodeUtf8(text, 0, text.length);
  const stream = new IonTextStream(source, options);
  const value = stream.next();
  if (value === undefined || stream.next() !== undefined) {
    throw new MalformedIonError(
      "exactly one Ion value",
      `Expected exactly one Ion value, found ${value === undefined ? "none" : "several"}: pass one value at a time.`,
    );
  }
  return value;
}
