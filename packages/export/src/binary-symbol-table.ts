// SPDX-License-Identifier: MIT
import { encodeVarUInt, readValueHeader, readVarUInt, TypeCode, VERSION_MARKER } from "./ion-binary-layout";

/** System symbols of Ion 1.0 that a symbol table is written with. */
const Sid = { ionSymbolTable: 3, imports: 6, symbols: 7 } as const;

const EMPTY = new Uint8Array(0);

/**
 * The local symbol table in force at a point of a binary stream, kept in its encoded form.
 *
 * Symbol texts are never decoded here: tables that are appended only add their encoded symbols, and
 * {@link BinarySymbolTable.prefix} gives a value's bytes the meaning they had in the stream.
 */
export class BinarySymbolTable {
  #imports: Uint8Array = EMPTY;
  #symbols: Uint8Array = EMPTY;
  #prefix: Uint8Array | undefined = VERSION_MARKER;

  /** Forgets everything, as a version marker demands. */
  reset(): void {
    this.#imports = EMPTY;
    this.#symbols = EMPTY;
    this.#prefix = VERSION_MARKER;
  }

  /**
   * Takes in the content of a struct annotated `$ion_symbol_table`.
   *
   * Throws `RangeError` if its bytes are no sequence of fields.
   */
  apply(content: Uint8Array): void {
    const table = parseTable(content);
    this.#imports = table.appends ? this.#imports : table.imports;
    this.#symbols = table.appends ? concat([this.#symbols, table.symbols]) : table.symbols;
    this.#prefix = undefined;
  }

  /** A version marker and, if symbols are defined, the symbol table: what a value must be preceded by. */
  get prefix(): Uint8Array {
    this.#prefix ??= this.#encode();
    return this.#prefix;
  }

  #encode(): Uint8Array {
    if (this.#imports.length === 0 && this.#symbols.length === 0) return VERSION_MARKER;
    const imports = this.#imports.length === 0 ? [] : [encodeVarUInt(Sid.imports), this.#imports];
    const fields = concat([
      ...imports,
      encodeVarUInt(Sid.symbols),
      encodeValue(TypeCode.list, this.#symbols),
    ]);
    const annotations = encodeVarUInt(Sid.ionSymbolTable);
    const wrapped = concat([
      encodeVarUInt(annotations.length),
      annotations,
      encodeValue(TypeCode.struct, fields),
    ]);
    return concat([VERSION_MARKER, encodeValue(TypeCode.annotation, wrapped)]);
  }
}

/**
 * Returns the content of the struct if the annotated value in `bytes` is a local symbol table.
 *
 * @param bytes content of an annotation wrapper. Throws `RangeError` if it is not one.
 */
export function findSymbolTable(bytes: Uint8Array): Uint8Array | undefined {
  const annotationsLength = readVarUInt(bytes, 0, bytes.length);
  if (!annotationsLength) throw new RangeError("an annotation wrapper without annotations");
  const first = readVarUInt(bytes, annotationsLength.next, bytes.length);
  if (first?.value !== Sid.ionSymbolTable) return undefined;
  const at = annotationsLength.next + annotationsLength.value;
  const value = readValueHeader(bytes, at, bytes.length);
  if (value?.type !== TypeCode.struct) return undefined;
  return bytes.subarray(at + value.header, at + value.header + value.length);
}

function parseTable(content: Uint8Array): { appends: boolean; imports: Uint8Array; symbols: Uint8Array } {
  const table = { appends: false, imports: EMPTY, symbols: EMPTY };
  for (let at = 0; at < content.length;) {
    const field = readVarUInt(content, at, content.length);
    const value = field && readValueHeader(content, field.next, content.length);
    if (!value || field.next + value.header + value.length > content.length) {
      throw new RangeError("a symbol table that ends inside a field");
    }
    const body = content.subarray(field.next + value.header, field.next + value.header + value.length);
    if (field.value === Sid.imports && value.type === TypeCode.symbol) {
      table.appends = body.length === 1 && body[0] === Sid.ionSymbolTable;
    } else if (field.value === Sid.imports && value.type === TypeCode.list) {
      table.imports = content.slice(field.next, field.next + value.header + value.length);
    } else if (field.value === Sid.symbols && value.type === TypeCode.list) {
      table.symbols = body.slice();
    }
    at = field.next + value.header + value.length;
  }
  return table;
}

function encodeValue(type: number, content: Uint8Array): Uint8Array {
  return concat([Uint8Array.of((type << 4) | 14), encodeVarUInt(content.length), content]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
