// SPDX-License-Identifier: MIT
import { malformed, UnknownSymbolError } from "../ion-errors";
import { decodeUtf8 } from "./utf8";

/** Finds the symbols of a shared symbol table, or `undefined` if it is not known. */
export type SharedSymbols = (name: string, version: number) => readonly (string | undefined)[] | undefined;

/** One symbol: where its UTF-8 text stands, decoded when first asked for. */
export interface SymbolEntry {
  /** `undefined` if the symbol has no text. */
  readonly source: Uint8Array | undefined;
  readonly start: number;
  readonly end: number;
  text: string | undefined;
  /** The shared table that would know the text; without it, the symbol equals `$0`. */
  readonly missingTable?: string;
}

/** `$0`: a symbol whose text is not known. Ids without text in a local table are equal to it. */
const SYMBOL_ZERO: SymbolEntry = { source: undefined, start: 0, end: 0, text: undefined };

const SYSTEM_SYMBOLS = [
  "$ion",
  "$ion_1_0",
  "$ion_symbol_table",
  "name",
  "version",
  "imports",
  "symbols",
  "max_id",
  "$ion_shared_symbol_table",
];

/** The id of `$ion_symbol_table` in every table. */
export const SYMBOL_TABLE_SID = 3;

/**
 * What the symbol ids of a stretch of Ion binary stand for. Immutable: `with…` methods return another table.
 */
export class SymbolTable {
  /** The table with which every stream begins: `$0` and the nine symbols that Ion itself defines. */
  static readonly system: SymbolTable = new SymbolTable([SYMBOL_ZERO, ...SYSTEM_SYMBOLS.map(textEntry)]);

  readonly #entries: SymbolEntry[];
  readonly #size: number;

  private constructor(entries: SymbolEntry[]) {
    this.#entries = entries;
    this.#size = entries.length;
  }

  /** The highest symbol id that has a meaning here. */
  get maxId(): number {
    return this.#size - 1;
  }

  /** A table with `added` after the symbols of this one. */
  withEntries(added: readonly SymbolEntry[]): SymbolTable {
    // A table that only grew shares its array with the one it grew from: a stream that appends after every
    // value would copy quadratically otherwise.
    const canShare = this.#entries.length === this.#size && this !== SymbolTable.system;
    const entries = canShare ? this.#entries : this.#entries.slice(0, this.#size);
    for (const entry of added) entries.push(entry);
    return new SymbolTable(entries);
  }

  /** A table with `texts` after the symbols of this one; `undefined` stands for a symbol without text. */
  withSymbols(texts: readonly (string | undefined)[]): SymbolTable {
    return this.withEntries(texts.map((text) => (text === undefined ? SYMBOL_ZERO : textEntry(text))));
  }

  /** A table with `maxId` symbols imported from the shared table `name`; those it lacks have no text. */
  withImport(name: string, symbols: readonly (string | undefined)[], maxId: number): SymbolTable {
    const missing = { ...SYMBOL_ZERO, missingTable: name };
    const imported: SymbolEntry[] = [];
    for (let index = 0; index < maxId; index++) {
      const text = symbols[index];
      imported.push(text === undefined ? missing : textEntry(text));
    }
    return this.withEntries(imported);
  }

  /**
   * The entry of a symbol id.
   *
   * @throws MalformedIonError if the table does not define the id; UnknownSymbolError if its text is in a shared
   * table that was not supplied, since nothing can then be said of the symbol, not even that it equals itself.
   */
  entry(sid: number): SymbolEntry {
    const entry = sid < this.#size ? this.#entries[sid] : undefined;
    if (entry === undefined) throw malformed(`a symbol id up to ${this.maxId}, found ${sid},`, 0);
    if (entry.missingTable !== undefined) {
      throw new UnknownSymbolError(
        `Expected the text of symbol $${sid}, found an import of the shared symbol table ` +
          `${JSON.stringify(entry.missingTable)}, which is not known here: supply that table.`,
      );
    }
    return entry;
  }

  /** The text of a symbol id; `undefined` if it has none. Throws as {@link SymbolTable.entry} does. */
  text(sid: number): string | undefined {
    const entry = this.entry(sid);
    if (entry.text === undefined && entry.source !== undefined) {
      entry.text = decodeUtf8(entry.source, entry.start, entry.end);
    }
    return entry.text;
  }
}

function textEntry(text: string): SymbolEntry {
  const source = Buffer.from(text);
  return { source, start: 0, end: source.length, text };
}

/** An entry for the text that stands in `source` from `start` to `end`, or for a symbol without text. */
export function sliceEntry(source: Uint8Array | undefined, start = 0, end = 0): SymbolEntry {
  return source === undefined ? SYMBOL_ZERO : { source, start, end, text: undefined };
}
