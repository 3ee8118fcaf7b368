// SPDX-License-Identifier: MIT
import { quoted } from "@ledger-loader/errors";
import { malformed, UnknownSymbolError } from "../ion-errors";
import { IonScanner } from "./ion-scanner";
import { NULL_NIBBLE, TypeCode } from "./type-code";
import { decodeName } from "./utf8";

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

/** The ids of Ion's own symbols, which no table needs to define. */
export const SYSTEM_SIDS: ReadonlyMap<string, number> = new Map(
  SYSTEM_SYMBOLS.map((text, index) => [text, index + 1]),
);

/** The id of `$ion_symbol_table` in every table. */
export const SYMBOL_TABLE_SID = 3;

/** Symbols whose ids follow one another. */
interface Segment {
  /** The id of the first of them. */
  readonly first: number;
  /**
   * Their entries; without them, the segment is what a shared table that is not known would hold. A number is the place in `source`
   * of an entry that nobody has asked for: a symbol may be a single byte, and an entry takes sixty.
   */
  readonly entries: (SymbolEntry | number)[] | undefined;
  readonly source?: Uint8Array | undefined;
  readonly missingTable?: string;
}

/** One scanner serves all tables: what it has read is used before anything else is read. */
const scanner = new IonScanner(new Uint8Array(0));

/**
 * The texts of the symbol ids of a stretch of Ion binary. Immutable: `with…` methods return another table.
 *
 * A table that only grew shares its arrays with the one it grew from, as a stream that appends after every value would
 * copy quadratically otherwise. An import without a known table is a range: its size is a claim of a few bytes.
 */
export class SymbolTable {
  /** The table with which every stream begins: `$0` and the nine symbols that Ion itself defines. */
  static readonly system: SymbolTable = new SymbolTable(systemSegments(), 1, SYSTEM_SYMBOLS.length + 1);

  /** Ascending by `first`; may hold more than `#count`, which belong to tables that grew from this one. */
  readonly #segments: Segment[];
  readonly #count: number;
  readonly #size: number;

  private constructor(segments: Segment[], count: number, size: number) {
    this.#segments = segments;
    this.#count = count;
    this.#size = size;
  }

  /** The highest symbol id that has a meaning here. */
  get maxId(): number {
    return this.#size - 1;
  }

  /** A table with the symbols after those of this one that stand in `source` at these places, each a value of Ion. */
  withPlaces(source: Uint8Array, places: readonly number[]): SymbolTable {
    return this.withEntries(places, source);
  }

  private withEntries(added: readonly (SymbolEntry | number)[], source?: Uint8Array): SymbolTable {
    const last = this.#segments[this.#count - 1];
    // Another table may have grown by the last segment's entries already.
    if (last?.entries?.length !== this.#size - (last?.first ?? 0) || last.source !== source) {
      return this.withSegment({ first: this.#size, entries: [...added], source }, added.length);
    }
    for (const entry of added) last.entries.push(entry);
    return new SymbolTable(this.#segments, this.#count, this.#size + added.length);
  }

  /** A table with `texts` after the symbols of this one; `undefined` stands for a symbol without text. */
  withSymbols(texts: readonly (string | undefined)[]): SymbolTable {
    return this.withEntries(texts.map((text) => (text === undefined ? SYMBOL_ZERO : textEntry(text))));
  }

  /** A table with `maxId` symbols imported from the shared table `name`; those it lacks have no text. */
  withImport(name: string, symbols: readonly (string | undefined)[], maxId: number): SymbolTable {
    const missing = { ...SYMBOL_ZERO, missingTable: name };
    const known = symbols.slice(0, maxId).map((text) => (text === undefined ? missing : textEntry(text)));
    const table = known.length === 0 ? this : this.withEntries(known);
    const rest = maxId - known.length;
    if (rest === 0) return table;
    return table.withSegment({ first: table.#size, entries: undefined, missingTable: name }, rest);
  }

  // `private` and not `#`: for a class that makes itself in a static field TypeScript would emit a name that is not there yet.
  private withSegment(segment: Segment, size: number): SymbolTable {
    const canShare = this.#segments.length === this.#count;
    const segments = canShare ? this.#segments : this.#segments.slice(0, this.#count);
    segments.push(segment);
    return new SymbolTable(segments, this.#count + 1, this.#size + size);
  }

  /**
   * The entry of a symbol id.
   *
   * @throws MalformedIonError if the table does not define the id; UnknownSymbolError if its text is in a shared
   * table that was not supplied, since nothing can then be said of the symbol, not even that it equals itself.
   */
  entry(sid: number): SymbolEntry {
    const segment = sid < this.#size ? this.segmentOf(sid) : undefined;
    if (segment === undefined) throw malformed(`a symbol id up to ${this.maxId}, found ${sid},`, 0);
    const { first, entries, missingTable: table } = segment;
    const found = entries?.[sid - first];
    const entry = typeof found === "number" ? readEntry(segment, sid - first, found) : found;
    const missingTable = entry === undefined ? table : entry.missingTable;
    if (entry === undefined || missingTable !== undefined) {
      throw new UnknownSymbolError(
        `Expected the text of symbol $${sid}, found an import of the shared symbol table ` +
          `${quoted(missingTable ?? "")}, which is not known here: supply that table.`,
      );
    }
    return entry;
  }

  /** The text of a symbol id; `undefined` if it has none. Throws as {@link SymbolTable.entry} does. */
  text(sid: number): string | undefined {
    const entry = this.entry(sid);
    if (entry.text === undefined && entry.source !== undefined) {
      entry.text = decodeName(entry.source, entry.start, entry.end);
    }
    return entry.text;
  }

  /** The same symbols in arrays of its own, that no table grows: for a table that is kept. */
  sealed(): SymbolTable {
    const segments = this.#segments.slice(0, this.#count);
    const last = segments.pop();
    // What is beyond the size is never reached, and makes every table that grows from this one copy.
    if (last !== undefined)
      segments.push({ ...last, ...(last.entries && { entries: [...last.entries, SYMBOL_ZERO] }) });
    segments.push({ first: this.#size, entries: [] });
    return new SymbolTable(segments, this.#count, this.#size);
  }

  /** The segment of an id below the size. */
  private segmentOf(sid: number): Segment | undefined {
    let low = 0;
    for (let high = this.#count - 1; low < high;) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#segments[middle]?.first ?? 0) <= sid) low = middle;
      else high = middle - 1;
    }
    return this.#segments[low];
  }
}

/** The segments of the system's symbols. A symbol beyond the size of a table is never reached: no stream grows the table of all. */
function systemSegments(): Segment[] {
  const system = { first: 0, entries: [SYMBOL_ZERO, ...SYSTEM_SYMBOLS.map(textEntry), SYMBOL_ZERO] };
  return [system, { first: system.entries.length, entries: [] }];
}

function textEntry(text: string): SymbolEntry {
  const source = Buffer.from(text);
  return { source, start: 0, end: source.length, text };
}

/** Makes the entry of a symbol that stands at a place. One that is no string has no text. */
function readEntry(
  { entries = [], source = new Uint8Array(0) }: Segment,
  index: number,
  at: number,
): SymbolEntry {
  scanner.on(source).header(at, source.length);
  const { code, low, body, end } = scanner;
  const isText = code === TypeCode.STRING && low !== NULL_NIBBLE;
  const entry = isText ? { source, start: body, end, text: undefined } : SYMBOL_ZERO;
  entries[index] = entry;
  return entry;
}
