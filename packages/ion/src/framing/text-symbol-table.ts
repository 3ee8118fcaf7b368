// SPDX-License-Identifier: MIT
import { IonTypes, load, type dom } from "ion-js";
import { FrameError } from "./ion-frame";

const ANNOTATION = /^[^{]*/;

/**
 * The local symbol tables in force at a point of a text stream, kept as the text that declared them.
 *
 * Only values that refer to symbols by number (`$10`) need them, which hardly any writer produces.
 */
export class TextSymbolTable {
  #declarations: Buffer = Buffer.alloc(0);

  /** Forgets everything, as a version marker demands. */
  reset(): void {
    this.#declarations = Buffer.alloc(0);
  }

  /** Takes in the text of a `$ion_symbol_table::{…}`. Throws `FrameError` if it is no struct. */
  apply(declaration: Uint8Array, offset: number): void {
    const text = Buffer.from(declaration).toString("utf8");
    const own = Buffer.concat([declaration, Buffer.from("\n")]);
    this.#declarations = appends(text, offset) ? Buffer.concat([this.#declarations, own]) : own;
  }

  /** Returns a copy of the value, preceded by the declarations it may depend on. */
  qualify(value: Uint8Array): Uint8Array {
    return new Uint8Array(Buffer.concat([this.#declarations, value]));
  }
}

/** Whether the table adds to the one before it: `imports: $ion_symbol_table`. */
function appends(declaration: string, offset: number): boolean {
  const imports = loadStruct(declaration.replace(ANNOTATION, ""), offset)?.get("imports");
  return imports?.getType() === IonTypes.SYMBOL && imports.stringValue() === "$ion_symbol_table";
}

function loadStruct(text: string, offset: number): dom.Value | null {
  try {
    return load(text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new FrameError(offset, `found a symbol table that is not Ion: ${error.message}`);
  }
}
