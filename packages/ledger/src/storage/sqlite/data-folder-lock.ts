// SPDX-License-Identifier: MIT
import { readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DataFolderLockedError, StoreLockedError } from "../../errors";
import { exists } from "../durable-files";
import { SqliteFile } from "./sqlite-file";

const LOCK_FILE = "data.lock";
const OWNER_FILE = "data.lock-owner";

/** Without a journal on the disk, which would be there after a crash, and which a reader would have to remove. */
const TAKE = "PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE";
/** The read takes the shared lock, and the transaction keeps it. */
const SHARE = "BEGIN; SELECT 1 FROM sqlite_schema";

/**
 * The right to use a data folder: for one process that writes, or for several that only read.
 *
 * The lock is SQLite's own lock on an empty file, so the lock ends with the process, even after `kill -9`. The files
 * stay and block no one. Nothing else may open the lock file: to close any handle of a file drops this process's locks
 * on that file. Source: https://www.sqlite.org/howtocorrupt.html, section 2.2.
 */
export class DataFolderLock {
  readonly #file: SqliteFile;

  private constructor(file: SqliteFile) {
    this.#file = file;
  }

  /**
   * Locks a folder, which MUST exist, to write to its ledgers.
   *
   * @throws DataFolderLockedError if another process reads or writes them.
   * @throws StoreAccessError if the disk or the rights of this process do not allow it.
   */
  static take(folder: string): DataFolderLock {
    const lock = DataFolderLock.#lock(folder, SqliteFile.open(join(folder, LOCK_FILE)), TAKE);
    try {
      writeFileSync(join(folder, OWNER_FILE), `process ${process.pid} on ${hostname()}\n`, { mode: 0o600 });
    } catch (error) {
      lock.release();
      throw error;
    }
    return lock;
  }

  /**
   * Keeps writers out of a folder, and changes nothing in the folder. A folder that no process has locked before has no
   * lock file: then there is no lock, and the result is `undefined`.
   *
   * @throws DataFolderLockedError if another process writes.
   */
  static async share(folder: string): Promise<DataFolderLock | undefined> {
    const path = join(folder, LOCK_FILE);
    if (!(await exists(path))) return undefined;
    return DataFolderLock.#lock(folder, SqliteFile.openReadOnly(path), SHARE);
  }

  static #lock(folder: string, file: SqliteFile, statements: string): DataFolderLock {
    try {
      file.exec(statements);
      return new DataFolderLock(file);
    } catch (error) {
      // SQLite keeps the transaction of a refused read.
      if (file.inTransaction) file.exec("ROLLBACK");
      file.close();
      if (!(error instanceof StoreLockedError)) throw error;
      throw new DataFolderLockedError(folder, findOwner(folder), error.cause);
    }
  }

  /** Unlocks the folder. */
  release(): void {
    // Closing alone does not unlock: the library keeps a file open until the file's statements are collected.
    if (this.#file.inTransaction) this.#file.exec("ROLLBACK");
    this.#file.close();
  }
}

/** The process that locked the folder last, as it named itself. */
function findOwner(folder: string): string {
  try {
    return readFileSync(join(folder, OWNER_FILE), "utf8").trim() || "another process";
  } catch {
    return "another process";
  }
}
