// SPDX-License-Identifier: MIT
import type { Command, SqliteFile, SqlValue } from "./sqlite-file";

/** So many rows are inserted by one statement. What is left over takes the next smaller one. */
const ROWS_PER_STATEMENT = [32, 8, 1] as const;

/** Inserts rows into a table, many by one call: a call into the library takes longer than SQLite takes for a row. */
export class BulkInsert {
  readonly #file: SqliteFile;
  readonly #into: string;
  readonly #width: number;
  readonly #commands = new Map<number, Command>();

  /** @param columns - those that rows have a value for, in order */
  constructor(file: SqliteFile, table: string, columns: readonly string[]) {
    this.#file = file;
    this.#into = `INSERT INTO ${table} (${columns.join(", ")}) VALUES `;
    this.#width = columns.length;
  }

  /** @param values - of all rows, one row after the other */
  insert(values: readonly SqlValue[]): void {
    let at = 0;
    for (const rows of ROWS_PER_STATEMENT) {
      const length = rows * this.#width;
      for (; values.length - at >= length; at += length) {
        this.#commandFor(rows).run(...values.slice(at, at + length));
      }
    }
  }

  #commandFor(rows: number): Command {
    let command = this.#commands.get(rows);
    if (command === undefined) {
      const row = `(${Array<string>(this.#width).fill("?").join(", ")})`;
      command = this.#file.command(this.#into + Array<string>(rows).fill(row).join(", "));
      this.#commands.set(rows, command);
    }
    return command;
  }
}
