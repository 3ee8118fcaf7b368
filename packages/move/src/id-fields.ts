// SPDX-License-Identifier: MIT
import {
  DEFAULT_ID_FIELD,
  type FieldName,
  type IdFieldMap,
  type TableName,
  parseIdentifier,
} from "@ledger-loader/core";

/** Finds the id field of a table: its own, that of `*`, or the loader's default. */
export function idFieldFinder(map: IdFieldMap): (table: TableName) => FieldName {
  return (table) => parseIdentifier(map[table] ?? map["*"] ?? DEFAULT_ID_FIELD);
}
