// SPDX-License-Identifier: MIT
import type { Database } from "libsql";

/** What a column may be bound to. */
export type SqlValue = number | string | Uint8Array | null;

/** A prepared query whose rows are arrays. */
export interface Query<Row extends unknown[]> {
  get(...values: SqlValue[]): Row | undefined;
  all(...values: SqlValue[]): Row[];
}

/** A prepared statement that changes something. */
export interface Command {
  /** Returns how many rows it changed. */
  run(...values: SqlValue[]): number;
}

/** Prepares a query. `Row` MUST be the type of its columns, in order. */
export function prepareQuery<Row extends unknown[]>(database: Database, sql: string): Query<Row> {
  const statement = database.prepare(sql).raw(true);
  return {
    get: (...values) => statement.get(...values) as Row | undefined,
    all: (...values) => statement.all(...values) as Row[],
  };
}

/** Prepares a statement that changes something. */
export function prepareCommand(database: Database, sql: string): Command {
  const statement = database.prepare(sql);
  return { run: (...values) => statement.run(...values).changes };
}
