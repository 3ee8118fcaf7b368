// SPDX-License-Identifier: MIT

/** The end of a message about a statement: where in it the error is. */
const PLACE = /\(line (?<line>\d+), column (?<column>\d+)\)/;
/** A longer line is shown from some characters before the place. */
const WIDTH_MAX = 100;
const BEFORE = 40;

/** The line of a statement that an error message names, with a mark below the column; `undefined` if it names none. */
export function placeInStatement(statement: string, message: string): string | undefined {
  const { line, column } = PLACE.exec(message)?.groups ?? {};
  const text = statement.split("\n")[Number(line) - 1];
  const at = Number(column) - 1;
  if (text === undefined || !(at <= text.length)) return undefined;
  const from = text.length > WIDTH_MAX ? Math.max(0, at - BEFORE) : 0;
  const shown = text.slice(from, from + WIDTH_MAX).replaceAll("\t", " ");
  return `  ${shown}\n  ${" ".repeat(at - from)}^`;
}
