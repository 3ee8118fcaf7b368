// SPDX-License-Identifier: MIT
import { MalformedIonError } from "../ion-errors";
import { IonTextStream } from "./ion-text-stream";
import type { SharedSymbols, SymbolTable } from "../binary/symbol-table";
import { IonWriter } from "../binary/ion-writer";
import { runAtOnce, type Steps } from "../steps";

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
  // One writer serves all texts. Where a text is refused, what was written of it goes with its writer.
  const writer = spare ?? new IonWriter();
  spare = undefined;
  const binary = runAtOnce(transcode(new IonTextStream(text, { ...options, writer }), Infinity));
  spare = writer;
  return binary;
}

let spare: IonWriter | undefined;

/**
 * As {@link transcodeToBinary}, but yields after about so many characters: a long text takes its time.
 *
 * @throws MalformedIonError if the text is not Ion, or holds no value or several.
 */
export function transcodeInSteps(text: string, charactersPerStep: number): Steps<Uint8Array> {
  return transcode(new IonTextStream(text), charactersPerStep);
}

function* transcode(stream: IonTextStream, charactersPerStep: number): Steps<Uint8Array> {
  while (!stream.readOn(charactersPerStep)) yield;
  const value = stream.next();
  while (!stream.readOn(charactersPerStep)) yield;
  if (value !== undefined && stream.next() === undefined) return value;
  throw new MalformedIonError(
    "exactly one Ion value",
    `Expected exactly one Ion value, found ${value === undefined ? "none" : "several"}: pass one value at a time.`,
  );
}
