// SPDX-License-Identifier: MIT
import { dom, dumpPrettyText } from "ion-js";
import { ionLine } from "../ledger/ion-rows";
import { table } from "../output/layout";
import { printableData } from "../output/printable-data";
import { columnsOf } from "../output/wrap";
import type { OutputStream } from "../output/terminal";

/** The forms in which rows are shown. */
export const ROW_FORMATS = ["ion", "pretty", "table", "json"] as const;

/** One of {@link ROW_FORMATS}. */
export type RowFormat = (typeof ROW_FORMATS)[number];

/** A cell of a table is cut at this width, and shorter where the terminal is narrower. */
const CELL_WIDTH_MAX = 60;
const CELL_WIDTH_MIN = 8;
const GAP = 2;

/** Rows as text, without a newline at the end. Ion loses nothing; a table cuts long values. */
export function formatRows(rows: readonly dom.Value[], format: RowFormat, output: OutputStream): string {
  switch (format) {
    case "ion":
      return rows.map(ionLine).join("\n");
    case "pretty":
      return rows.map((row) => printableData(dumpPrettyText(row))).join("\n");
    case "json":
      return rows.map((row) => printableData(JSON.stringify(row))).join("\n");
    case "table":
      return tableOf(rows, columnsOf(output) ?? Infinity);
  }
}

function tableOf(rows: readonly dom.Value[], width: number): string {
  const cells = rows.map(cellsOf);
  const headings = [...new Set(cells.flatMap((row) => [...row.keys()]))];
  if (headings.length === 0) return "";
  const texts = cells.map((row) => headings.map((heading) => row.get(heading) ?? ""));
  const widest = cellWidth([headings, ...texts], width);
  const shorten = (text: string): string => (text.length > widest ? `${text.slice(0, widest - 1)}…` : text);
  return table(
    headings.map((heading) => ({ heading: shorten(heading) })),
    texts.map((row) => row.map(shorten)),
  );
}

/** The fields of a row by name; a row that is no struct has one cell. */
function cellsOf(row: dom.Value): ReadonlyMap<string, string> {
  if (!(row instanceof dom.Struct)) return new Map([["value", cellText(row)]]);
  return new Map(row.fields().map(([name, value]) => [name, cellText(value)]));
}

/** Text without its quotes; all else as Ion. */
function cellText(value: dom.Value): string {
  return value instanceof dom.String && !value.isNull() ? value.stringValue() : ionLine(value);
}

/** The width at which the widest cells are cut, so that a row fits the terminal if it can. */
function cellWidth(rows: readonly (readonly string[])[], width: number): number {
  const columns = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const total = (most: number): number =>
    columns.reduce((sum, each) => sum + Math.min(each, most) + GAP, -GAP);
  let most = CELL_WIDTH_MAX;
  while (most > CELL_WIDTH_MIN && total(most) > width) most -= 1;
  return most;
}
