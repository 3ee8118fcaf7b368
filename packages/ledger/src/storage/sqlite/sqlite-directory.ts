// SPDX-License-Identifier: MIT
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { StoreAccessError } from "../../errors";
import { newUniqueId } from "../../unique-id";
import { exists, syncPath } from "../durable-files";
import { JsonFiles } from "../json-files";
import type { LedgerDirectory } from "../ledger-directory";
import type { LedgerRecord, RecordKind, RecordStore } from "../record-store";
import type { AcceptedLoss, LedgerStorage } from "../storage";
import { DataFolderLock } from "./data-folder-lock";
import { countBlocksOf } from "./count-blocks";
import { removeKeptLogs } from "./kept-logs";
import { CREATING_SUFFIX, LEDGER_SUFFIX, LOG_SUFFIX, removeLedgerFile, TIP_SUFFIX } from "./ledger-file";
import { SqliteStorage } from "./sqlite-storage";
import type { ReadStorageOptions } from "./storage-parts";

const deletingSuffix = ".deleting";

/** The exact names that this module and backups give to files that are made or deleted, and SQLite's files with them. */
const UNFINISHED =
  /^[A-Za-z0-9-]{1,32}\.ledger(\.[A-Za-z0-9]{22})?\.(creating|deleting)(-wal|-shm|-journal|-tip)?$/;

/** A folder with one SQLite file per ledger, `<name>.ledger`. */
export class SqliteDirectory implements LedgerDirectory {
  readonly #folder: string;
  readonly #lock: DataFolderLock | undefined;
  /** `undefined` if ledgers are opened to be written. */
  readonly #reading: ReadStorageOptions | undefined;

  private constructor(folder: string, lock: DataFolderLock | undefined, reading?: ReadStorageOptions) {
    this.#folder = folder;
    this.#lock = lock;
    this.#reading = reading;
  }

  /**
   * Opens and locks a folder, and makes the folder if it is missing. Removes the files that a crash left of unfinished
   * creations and deletions.
   *
   * @throws DataFolderLockedError if another process has the folder open.
   */
  static async open(folder: string): Promise<SqliteDirectory> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const lock = DataFolderLock.take(folder);
    try {
      for (const file of await readdir(folder)) {
        if (UNFINISHED.test(file)) await rm(join(folder, file));
      }
      return new SqliteDirectory(folder, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * Opens a folder whose ledgers are only read, and changes nothing in the folder. Keeps writers out meanwhile.
   *
   * @throws DataFolderLockedError if another process writes.
   */
  static async read(folder: string, options: ReadStorageOptions = {}): Promise<SqliteDirectory> {
    return new SqliteDirectory(folder, await DataFolderLock.share(folder), options);
  }

  get place(): string {
    return this.#folder;
  }

  async list(): Promise<readonly string[]> {
    const files = await readdir(this.#folder);
    return files
      .filter((file) => file.endsWith(LEDGER_SUFFIX))
      .map((file) => file.slice(0, -LEDGER_SUFFIX.length))
      .sort();
  }

  async countBlocks(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const name of names) {
      const blocks = await countBlocksOf(this.#path(name));
      if (blocks !== undefined) counts.set(name, blocks);
    }
    return counts;
  }

  /** In a folder beside the ledgers, one file for each record. */
  openRecords<T extends LedgerRecord>(kind: RecordKind): Promise<RecordStore<T>> {
    return JsonFiles.open<T>(join(this.#folder, kind));
  }

  async open(name: string): Promise<LedgerStorage | undefined> {
    // Not every file system tells "Cars" from "cars"; ledgers are told apart.
    if (!(await this.list()).includes(name)) return undefined;
    const path = this.#path(name);
    return this.#reading === undefined ? SqliteStorage.open(path) : SqliteStorage.read(path, this.#reading);
  }

  async acceptLoss(name: string, acceptedAt: number): Promise<AcceptedLoss | undefined> {
    this.#requireWritable();
    const storage = SqliteStorage.openShortened(this.#path(name));
    try {
      return await storage.acceptLoss(acceptedAt);
    } finally {
      await storage.close();
    }
  }

  async create(name: string, fill: (storage: LedgerStorage) => Promise<void>): Promise<void> {
    this.#requireWritable();
    const unfinished = this.#path(name) + CREATING_SUFFIX;
    await removeLedgerFile(unfinished);
    try {
      const storage = SqliteStorage.open(unfinished);
      try {
        await fill(storage);
      } finally {
        // Closing folds the write-ahead log into the file, so that one rename moves everything.
        await storage.close();
      }
    } catch (error) {
      await removeLedgerFile(unfinished);
      throw error;
    }
    // Of a ledger whose file was removed by hand: the new ledger has never acknowledged those commits.
    for (const path of [unfinished, this.#path(name)]) await rm(path + TIP_SUFFIX, { force: true });
    await rename(unfinished, this.#path(name));
    await syncPath(this.#folder);
  }

  temporaryFile(name: string): string {
    return `${this.#path(name)}.${newUniqueId()}${CREATING_SUFFIX}`;
  }

  async delete(name: string): Promise<void> {
    this.#requireWritable();
    const path = this.#path(name);
    if (await exists(path + LOG_SUFFIX)) {
      // A log that was left behind would be taken for the log of a later ledger of the same name.
      await SqliteStorage.open(path).close();
    }
    removeKeptLogs(path);
    await rm(path + TIP_SUFFIX, { force: true });
    await rename(path, path + deletingSuffix);
    await syncPath(this.#folder);
    await removeLedgerFile(path + deletingSuffix);
  }

  isCurrent(): Promise<boolean> {
    return Promise.resolve(true);
  }

  close(): Promise<void> {
    this.#lock?.release();
    return Promise.resolve();
  }

  #requireWritable(): void {
    if (this.#reading === undefined) return;
    throw new StoreAccessError(this.#folder, "that it was opened to be read", "open it without readOnly");
  }

  #path(name: string): string {
    return join(this.#folder, name + LEDGER_SUFFIX);
  }
}
