// SPDX-License-Identifier: MIT
import { quoted } from "@ledger-loader/errors";
import { malformed, UnknownSymbolError } from "../ion-errors";
import { IonScanner } from "./ion-scanner";
import { SymbolTable, SYMBOL_TABLE_SID } from "./symbol-table";
import type { SharedSymbols } from "./symbol-table";
import { NULL_NIBBLE, TypeCode } from "./type-code";
import { decodeUtf8 } from "./utf8";

/** The ids of a symbol table's own field names. */
const Field = { NAME: 4, VERSION: 5, IMPORTS: 6, SYMBOLS: 7, MAX_ID: 8 } as const;

/** The most symbols that one table may hold, imports included: ids stay numbers that can be counted with. */
const MAX_SYMBOLS = 1_000_000_000;

/** Where a field's value stands. */
interface Extent {
  readonly at: number;
  readonly end: number;
}

/**
 * Reads a local symbol table: the struct whose representation is `bytes` from `body` to `end`.
 *
 * @param current - the table it replaces, or extends if it imports `$ion_symbol_table`.
 */
export function readSymbolTable(
  bytes: Uint8Array,
  body: number,
  end: number,
  current: SymbolTable,
  shared: SharedSymbols,
): SymbolTable {
  const scanner = new IonScanner(bytes);
  const fields = readFields(scanner, body, end, [Field.IMPORTS, Field.SYMBOLS]);
  const imports = fields.get(Field.IMPORTS);
  const symbols = fields.get(Field.SYMBOLS);
  const base = imports === undefined ? SymbolTable.system : readImports(scanner, imports, current, shared);
  return symbols === undefined ? base : base.withPlaces(bytes, findSymbols(scanner, symbols));
}

/** Collects the `wanted` fields of a struct; each MUST appear at most once. */
function readFields(
  scanner: IonScanner,
  body: number,
  end: number,
  wanted: readonly number[],
): Map<number, Extent> {
  const fields = new Map<number, Extent>();
  for (let at = body; at < end; at = scanner.end) {
    const sid = scanner.varUInt(at, end);
    const value = scanner.at;
    scanner.header(value, end);
    if (scanner.isPadding() || !wanted.includes(sid)) continue;
    if (fields.has(sid)) throw malformed("each field of a symbol table once", at);
    fields.set(sid, { at: value, end: scanner.end });
  }
  return fields;
}

function readImports(
  scanner: IonScanner,
  extent: Extent,
  current: SymbolTable,
  shared: SharedSymbols,
): SymbolTable {
  scanner.header(extent.at, extent.end);
  const { code, low, body, end } = scanner;
  if (low === NULL_NIBBLE) return SymbolTable.system;
  if (code === TypeCode.SYMBOL) {
    return scanner.uInt(body, end) === SYMBOL_TABLE_SID ? current : SymbolTable.system;
  }
  if (code !== TypeCode.LIST) return SymbolTable.system;
  let table: SymbolTable = SymbolTable.system;
  for (let at = body; at < end;) {
    scanner.header(at, end);
    at = scanner.end;
    // Whatever is not a struct in this list has no meaning, and Ion says to pass over it.
    if (scanner.code === TypeCode.STRUCT && scanner.low !== NULL_NIBBLE) {
      table = readImport(scanner, scanner.body, scanner.end, table, shared);
    }
  }
  return table;
}

function readImport(
  scanner: IonScanner,
  body: number,
  end: number,
  table: SymbolTable,
  shared: SharedSymbols,
): SymbolTable {
  const fields = readFields(scanner, body, end, [Field.NAME, Field.VERSION, Field.MAX_ID]);
  const name = readText(scanner, fields.get(Field.NAME));
  if (name === undefined || name === "" || name === "$ion") return table;
  const version = Math.max(1, readCount(scanner, fields.get(Field.VERSION)) ?? 1);
  const symbols = shared(name, version);
  const maxId = readCount(scanner, fields.get(Field.MAX_ID)) ?? symbols?.length;
  if (maxId === undefined) {
    throw new UnknownSymbolError(
      `Expected the shared symbol table ${quoted(name)}, version ${version}, or its size; found neither: supply that table.`,
    );
  }
  if (table.maxId + maxId > MAX_SYMBOLS)
    throw malformed(`at most ${MAX_SYMBOLS} symbols, found an import of ${maxId},`, body);
  return table.withImport(name, symbols ?? [], maxId);
}

/** The places of the values of a list of symbols. */
function findSymbols(scanner: IonScanner, extent: Extent): readonly number[] {
  scanner.header(extent.at, extent.end);
  const { code, low, body, end } = scanner;
  if (code !== TypeCode.LIST || low === NULL_NIBBLE) return [];
  const places: number[] = [];
  for (let at = body; at < end; at = scanner.end) {
    scanner.header(at, end);
    if (!scanner.isPadding()) places.push(at);
  }
  return places;
}

function readText(scanner: IonScanner, extent: Extent | undefined): string | undefined {
  if (extent === undefined) return undefined;
  scanner.header(extent.at, extent.end);
  if (scanner.code !== TypeCode.STRING || scanner.low === NULL_NIBBLE) return undefined;
  return decodeUtf8(scanner.bytes, scanner.body, scanner.end);
}

function readCount(scanner: IonScanner, extent: Extent | undefined): number | undefined {
  if (extent === undefined) return undefined;
  scanner.header(extent.at, extent.end);
  if (scanner.code !== TypeCode.INT || scanner.low === NULL_NIBBLE) return undefined;
  return scanner.uInt(scanner.body, scanner.end);
}
