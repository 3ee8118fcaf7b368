// SPDX-License-Identifier: MIT
import type { SymbolTable } from "./symbol-table";

/** A table that was read, and the bytes from which it was. */
interface KnownTable {
  readonly bytes: Uint8Array;
  readonly table: SymbolTable;
}

/** Longer beginnings of streams are read each time, so that what is kept takes little memory. */
const BYTES_MAX = 1024;

const PLACES = 64;

/** Tables by the length of their bytes: of two that would have the same place the later one takes it. */
const known: (KnownTable | undefined)[] = Array<undefined>(PLACES).fill(undefined);

/**
 * Reads the symbol table with which a stream begins, or returns it as it was read before: documents of one table of a ledger have the
 * same fields, and so the same symbols.
 *
 * @param end - where the table ends; nothing but it and the version marker stands before
 * @param read - reads it from the bytes that it is given, which are the same up to `end`
 */
export function readKnownTable(
  bytes: Uint8Array,
  end: number,
  read: (source: Uint8Array) => SymbolTable,
): SymbolTable {
  if (end > BYTES_MAX) return read(bytes);
  const found = known[end % PLACES];
  if (found?.bytes.length === end && beginsWith(bytes, found.bytes)) return found.table;
  // A copy, so that no stream is kept for its table.
  const copy = new Uint8Array(bytes.subarray(0, end));
  const table = read(copy).sealed();
  known[end % PLACES] = { bytes: copy, table };
  return table;
}

function beginsWith(bytes: Uint8Array, beginning: Uint8Array): boolean {
  for (let at = beginning.length - 1; at >= 0; at--) if (bytes[at] !== beginning[at]) return false;
  return true;
}

/** A table that was written, and the texts of its symbols. */
interface WrittenTable {
  readonly texts: readonly string[];
  readonly bytes: Uint8Array;
}

/** Tables by the number of their symbols. */
const written: (WrittenTable | undefined)[] = Array<undefined>(PLACES).fill(undefined);

/**
 * Encodes a symbol table, or returns it as it was encoded before. The bytes MUST NOT be changed.
 *
 * @param encode - makes the bytes of the table, which it MUST give up
 */
export function encodeKnownTable(
  texts: readonly string[],
  encode: (texts: readonly string[]) => Uint8Array,
): Uint8Array {
  const found = written[texts.length % PLACES];
  if (found !== undefined && areEqual(found.texts, texts)) return found.bytes;
  const bytes = encode(texts);
  if (bytes.length <= BYTES_MAX) written[texts.length % PLACES] = { texts, bytes: new Uint8Array(bytes) };
  return bytes;
}

function areEqual(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  for (let at = left.length - 1; at >= 0; at--) if (left[at] !== right[at]) return false;
  return true;
}
