// SPDX-License-Identifier: MIT
import { type IonSlice, readSingleValue } from "@ledger-loader/ion";
import { plainText } from "./plain-text";

/** Rows of a result as a table. */
export interface ResultTable {
  readonly columns: readonly string[];
  /** One text per column. `undefined` where the row lacks the field. */
  readonly rows: readonly (readonly (string | undefined)[])[];
}

/** The column of rows that are no structs. */
const VALUE_COLUMN = "value";
/** A longer cell ends with an ellipsis. The Ion view has all of it. */
const CELL_MAX = 160;

/** Makes a table with a column per field. A row that is no struct stands in one column. */
export function toResultTable(rows: readonly Uint8Array[]): ResultTable {
  return tableOf(rows.map((row) => readSingleValue(row)));
}

/** As {@link toResultTable}, for values that were read already. */
export function tableOf(values: readonly (IonSlice | undefined)[]): ResultTable {
  const rows = values.map((value) => (value === undefined ? new Map<string, string>() : cellsOf(value)));
  const columns = [...new Set(rows.flatMap((cells) => [...cells.keys()]))];
  return { columns, rows: rows.map((cells) => columns.map((column) => cells.get(column))) };
}

function cellsOf(value: IonSlice): ReadonlyMap<string, string> {
  if (value.type !== "struct" || value.isNull) return new Map([[VALUE_COLUMN, cellText(value)]]);
  return new Map(value.fields().map(([name = "$0", field]) => [name, cellText(field)]));
}

function cellText(value: IonSlice): string {
  const text = plainText(value);
  return text.length > CELL_MAX ? `${text.slice(0, CELL_MAX)}…` : text;
}
