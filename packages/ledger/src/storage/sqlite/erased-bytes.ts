// SPDX-License-Identifier: MIT
import { LedgerLoaderError } from "@ledger-loader/errors";
import { removeKeptLogs } from "./kept-logs";
import type { Command, Query, SqliteFile } from "./sqlite-file";

/** In `meta`: the file was never written without `secure_delete`, or has been rewritten since. */
const OVERWRITES = "overwrites-deleted";
/** In `meta`: something was erased, and the bytes may still be in the file or its log. */
const PENDING = "erasure-pending";

/**
 * Removes the bytes of erased data from a ledger's file and log, and the damaged logs that were kept of the ledger.
 *
 * SQLite overwrites what is deleted (`secure_delete`), so erased data is left in the log only, until the log is folded into the
 * file and cut. A file from a version that did not overwrite is rewritten (`VACUUM`), once.
 */
export class ErasedBytes {
  readonly #file: SqliteFile;
  readonly #readMark: Query<[string]>;
  readonly #writeMark: Command;
  readonly #removeMark: Command;
  #isHeld = false;

  constructor(file: SqliteFile) {
    this.#file = file;
    this.#readMark = file.query("SELECT value FROM meta WHERE name = ?");
    this.#writeMark = file.command("INSERT OR REPLACE INTO meta (name, value) VALUES (?, 'yes')");
    this.#removeMark = file.command("DELETE FROM meta WHERE name = ?");
  }

  /** To be called before the first write to a file. */
  static overwriteDeleted(file: SqliteFile): void {
    file.exec("PRAGMA secure_delete = ON");
  }

  /** Notes that the file is new: nothing was ever deleted in it. */
  static markNew(file: SqliteFile): void {
    file.exec(`INSERT OR REPLACE INTO meta (name, value) VALUES ('${OVERWRITES}', 'yes')`);
  }

  /** Notes, in the database transaction that erases, that bytes are left to be removed. */
  markErased(): void {
    this.#writeMark.run(PENDING);
  }

  /** Keeps the bytes of the file as they are until {@link ErasedBytes.letGo}, while the file is copied. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Ends {@link ErasedBytes.hold}, and removes what was erased meanwhile. */
  letGo(): void {
    this.#isHeld = false;
    this.removeOrLater();
  }

  /** Removes them after a commit: a failure is not one of the commit, and opening the file tries again. */
  removeOrLater(): void {
    try {
      this.remove();
    } catch (error) {
      if (!(error instanceof LedgerLoaderError)) throw error;
    }
  }

  /**
   * Removes the bytes of what was erased. Takes as long as the log is large, and once as long as the file is.
   *
   * A failure, a full disk for example, leaves the mark: the next call tries again.
   */
  remove(): void {
    if (this.#isHeld || this.#readMark.get(PENDING) === undefined) return;
    if (this.#readMark.get(OVERWRITES) === undefined) {
      this.#file.exec("VACUUM");
      this.#writeMark.run(OVERWRITES);
    }
    const [busy] = this.#file.query<[number]>("PRAGMA wal_checkpoint(TRUNCATE)").get() ?? [0];
    if (busy !== 0) return;
    // A store in memory has no path, and no logs.
    if (this.#file.path !== "") removeKeptLogs(this.#file.path);
    this.#removeMark.run(PENDING);
  }
}
