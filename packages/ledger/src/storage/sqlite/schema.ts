// SPDX-License-Identifier: MIT
import { StoreFormatError, StoreUnreadableError } from "../../errors";
import type { SqliteFile } from "./sqlite-file";

/** The format that this version writes. Raise it with every change to the schema, and add a migration. */
export const formatVersion = 3;

/**
 * Statements that lead from the format of the same index to the next one; the first makes a store from nothing.
 *
 * `from_seq` is the block from which a row holds, `to_seq` the block from which it does not. A deletion has
 * `to_seq = from_seq`: it is part of the history and never of a current state. In `revisions_by_table` the end comes
 * before the start so that a scan as of a recent block meets no older history.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE blocks (
    sequence_no INTEGER PRIMARY KEY, hash BLOB NOT NULL, time INTEGER NOT NULL, transaction_id TEXT NOT NULL,
    ion BLOB NOT NULL);
  CREATE TABLE tables (
    table_no INTEGER PRIMARY KEY, table_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL, changed_seq INTEGER NOT NULL);
  CREATE TABLE indexes (
    index_no INTEGER PRIMARY KEY, index_id TEXT NOT NULL UNIQUE, table_no INTEGER NOT NULL, field TEXT NOT NULL,
    from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL);
  CREATE TABLE revisions (
    row_no INTEGER PRIMARY KEY, table_no INTEGER NOT NULL, document_id TEXT NOT NULL, version INTEGER NOT NULL,
    from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL, time INTEGER NOT NULL, transaction_id TEXT NOT NULL,
    hash BLOB NOT NULL, data_hash BLOB, data BLOB);
  CREATE UNIQUE INDEX revisions_by_document ON revisions (document_id, version);
  CREATE INDEX revisions_by_table ON revisions (table_no, to_seq, from_seq);
  CREATE TABLE index_entries (
    index_no INTEGER NOT NULL, key TEXT NOT NULL, to_seq INTEGER NOT NULL, document_id TEXT NOT NULL,
    from_seq INTEGER NOT NULL, PRIMARY KEY (index_no, key, to_seq, document_id, from_seq)) WITHOUT ROWID;
  CREATE TABLE merkle_nodes (
    level INTEGER NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, position)) WITHOUT ROWID;
  `,
  // A dropped table can become active again: its periods take the place of one end.
  `
  CREATE TABLE table_periods (
    table_no INTEGER NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL, PRIMARY KEY (table_no, from_seq)
  ) WITHOUT ROWID;
  INSERT INTO table_periods SELECT table_no, from_seq, to_seq FROM tables;
  ALTER TABLE tables DROP COLUMN to_seq;
  `,
  // An index can be unique.
  "ALTER TABLE indexes ADD COLUMN is_unique INTEGER NOT NULL DEFAULT 0",
];

/** Refuses a store that a newer version has written, before anything in it is touched. */
export function refuseNewerFormat(file: SqliteFile): void {
  const found = readFormatVersion(file);
  if (found > formatVersion) throw new StoreFormatError(file.path, formatVersion, found);
}

/** Refuses a store that is empty or that a newer version has written. */
export function requireLedgerFormat(file: SqliteFile): void {
  refuseNewerFormat(file);
  if (readFormatVersion(file) > 0) return;
  throw new StoreUnreadableError(
    file.path,
    "it is empty, and no longer the ledger whose commits were acknowledged",
  );
}

/**
 * Refuses a store of a newer format, or of none.
 *
 * @returns whether the store is of an older format, which has to be migrated.
 */
export function isOlderFormat(file: SqliteFile): boolean {
  refuseNewerFormat(file);
  const found = readFormatVersion(file);
  if (found === 0) throw new StoreUnreadableError(file.path, "it is empty, or not a ledger's");
  return found < formatVersion;
}

/**
 * Brings a new or older store to {@link formatVersion}.
 *
 * @returns whether the store is new.
 */
export function migrate(file: SqliteFile): boolean {
  const found = readFormatVersion(file);
  if (found === formatVersion) return false;
  file.exec("BEGIN IMMEDIATE");
  try {
    for (const statements of migrations.slice(found)) file.exec(statements);
    file.exec(`PRAGMA user_version = ${formatVersion}`);
    file.exec("COMMIT");
    return found === 0;
  } catch (error) {
    if (file.inTransaction) file.exec("ROLLBACK");
    throw error;
  }
}

function readFormatVersion(file: SqliteFile): number {
  return file.query<[number]>("PRAGMA user_version").get()?.[0] ?? 0;
}
