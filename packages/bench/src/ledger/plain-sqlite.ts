// SPDX-License-Identifier: MIT
import Libsql from "libsql";
import type { DocumentStore } from "./document-store";

/** Opens a table of documents in a SQLite file, by plain SQL and as durable as a ledger's: its log is synced with each commit. */
export function openPlainSqlite(file: string): DocumentStore {
  const database = new Libsql(file);
  database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec(
    "CREATE TABLE IF NOT EXISTS documents (id INTEGER PRIMARY KEY, key TEXT NOT NULL, ion BLOB NOT NULL)",
  );
  database.exec("CREATE INDEX IF NOT EXISTS by_key ON documents (key)");
  const add = database.prepare("INSERT INTO documents (key, ion) VALUES (?, ?)");
  const find = database.prepare("SELECT ion FROM documents WHERE key = ?");
  return {
    insert(documents) {
      database.exec("BEGIN IMMEDIATE");
      for (const { key, ion } of documents) add.run(key, ion);
      database.exec("COMMIT");
      return Promise.resolve();
    },
    count: (key) => Promise.resolve(find.all(key).length),
    close() {
      // The library lets go of the file later; its lock goes now.
      database.exec(
        "PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL; SELECT 1 FROM sqlite_schema",
      );
      database.close();
      return Promise.resolve();
    },
  };
}
