// SPDX-License-Identifier: MIT
import { closeSync, openSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import Libsql, { type Database } from "libsql";
import { toStorageError } from "./sqlite-error";

/** A value that a column may be bound to. */
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

/** An open SQLite file. What SQLite refuses is thrown as an error that names the file and says what to do. */
export class SqliteFile {
  /** Empty for a store in memory. */
  readonly path: string;
  readonly #database: Database;

  private constructor(database: Database, path: string) {
    this.#database = database;
    this.path = path;
  }

  /**
   * Opens a file, or makes a file that only this user can read.
   *
   * @param name - the file that errors name, where the path is a copy's.
   */
  static open(path: string, name = path): SqliteFile {
    if (path !== "") makeForOwner(path);
    return SqliteFile.#open(path, name);
  }

  /** Opens a file that exists. Nothing can be written to it. */
  static openReadOnly(path: string): SqliteFile {
    // The library drops its option `readonly`, and opens the file to write. SQLite obeys an address.
    return SqliteFile.#open(`${pathToFileURL(resolve(path)).href}?mode=ro`, path);
  }

  static #open(path: string, name: string): SqliteFile {
    try {
      return new SqliteFile(new Libsql(path), name);
    } catch (error) {
      throw toStorageError(error, name);
    }
  }

  get inTransaction(): boolean {
    // The library ends the process when a closed file is asked.
    return this.#database.open && this.#database.inTransaction;
  }

  /** Prepares a query. `Row` MUST be the type of its columns, in order. */
  query<Row extends unknown[]>(sql: string): Query<Row> {
    const statement = this.#guard(() => this.#database.prepare(sql).raw(true));
    return {
      // As one list: of several arguments the library would first make one.
      get: (...values) => this.#guard(() => statement.get(values) as Row | undefined),
      all: (...values) => this.#guard(() => statement.all(values) as Row[]),
    };
  }

  /** Prepares a statement that changes something. */
  command(sql: string): Command {
    const statement = this.#guard(() => this.#database.prepare(sql));
    return { run: (...values) => this.#guard(() => statement.run(values).changes) };
  }

  /** Runs statements that return nothing. */
  exec(sql: string): void {
    this.#guard(() => this.#database.exec(sql));
  }

  close(): void {
    this.#database.close();
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toStorageError(error, this.path);
    }
  }
}

/** Makes an empty file for this user alone. SQLite gives a file's rights to the file's log too. A file that cannot be made is left for SQLite to explain. */
export function makeForOwner(path: string): void {
  try {
    // Fails on a file that exists, which MUST NOT be opened here: to close it would drop SQLite's locks on it.
    closeSync(openSync(path, "wx", 0o600));
  } catch {
    return;
  }
}
