// SPDX-License-Identifier: MIT

/** The type codes of Ion 1.0 binary: the high half of a value's first byte. */
export const TypeCode = {
  NULL: 0,
  BOOL: 1,
  INT: 2,
  NEGATIVE_INT: 3,
  FLOAT: 4,
  DECIMAL: 5,
  TIMESTAMP: 6,
  SYMBOL: 7,
  STRING: 8,
  CLOB: 9,
  BLOB: 10,
  LIST: 11,
  SEXP: 12,
  STRUCT: 13,
  ANNOTATION: 14,
} as const;

/** The length half of a value's first byte that says: a null of this type. */
export const NULL_NIBBLE = 15;

/** The names of Ion's types, as in `null.string`. */
export type IonTypeName =
  | "null"
  | "bool"
  | "int"
  | "float"
  | "decimal"
  | "timestamp"
  | "symbol"
  | "string"
  | "clob"
  | "blob"
  | "list"
  | "sexp"
  | "struct";

const NAMES: readonly IonTypeName[] = [
  "null",
  "bool",
  "int",
  "int",
  "float",
  "decimal",
  "timestamp",
  "symbol",
  "string",
  "clob",
  "blob",
  "list",
  "sexp",
  "struct",
];

/** Names a type code that a scanner accepted. */
export function typeName(code: number): IonTypeName {
  return NAMES[code] ?? "null";
}

/** The four bytes with which Ion 1.0 binary begins, and begins anew within a stream. */
export const VERSION_MARKER: readonly number[] = [0xe0, 0x01, 0x00, 0xea];

/** Tells whether a version marker stands at `at`. */
export function isVersionMarker(bytes: Uint8Array, at = 0): boolean {
  return bytes[at] === 0xe0 && bytes[at + 1] === 1 && bytes[at + 2] === 0 && bytes[at + 3] === 0xea;
}
