// SPDX-License-Identifier: MIT
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { newUniqueId } from "../../unique-id";
import { exists, syncPath } from "../durable-files";
import type { LedgerDirectory } from "../ledger-directory";
import type { LedgerStorage } from "../storage";
import { CREATING_SUFFIX, LEDGER_SUFFIX, removeLedgerFile } from "./ledger-file";
import { SqliteStorage } from "./sqlite-storage";

const deletingSuffix = ".deleting";

/** A folder with one SQLite file per ledger, `<name>.ledger`. */
export class SqliteDirectory implements LedgerDirectory {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Opens a folder, makes it if need be, and clears away what a crash left of unfinished creations and deletions. */
  static async open(folder: string): Promise<SqliteDirectory> {
    await mkdir(folder, { recursive: true });
    const directory = new SqliteDirectory(folder);
    for (const file of await readdir(folder)) {
      if (file.includes(CREATING_SUFFIX) || file.includes(deletingSuffix)) await rm(join(folder, file));
    }
    return directory;
  }

  async list(): Promise<readonly string[]> {
    const files = await readdir(this.#folder);
    return files
      .filter((file) => file.endsWith(LEDGER_SUFFIX))
      .map((file) => file.slice(0, -LEDGER_SUFFIX.length))
      .sort();
  }

  async open(name: string): Promise<LedgerStorage | undefined> {
    // Not every file system tells "Cars" from "cars"; ledgers are told apart.
    if (!(await this.list()).includes(name)) return undefined;
    return SqliteStorage.open(this.#path(name));
  }

  async create(name: string, fill: (storage: LedgerStorage) => Promise<void>): Promise<void> {
    const unfinished = this.#path(name) + CREATING_SUFFIX;
    await removeLedgerFile(unfinished);
    const storage = SqliteStorage.open(unfinished);
    try {
      await fill(storage);
    } finally {
      // Closing folds the write-ahead log into the file, so that one rename moves everything.
      await storage.close();
    }
    await rename(unfinished, this.#path(name));
    await syncPath(this.#folder);
  }

  temporaryFile(name: string): string {
    return `${this.#path(name)}.${newUniqueId()}${CREATING_SUFFIX}`;
  }

  async delete(name: string): Promise<void> {
    const path = this.#path(name);
    if (await exists(`${path}-wal`)) {
      // A log that was left behind would be taken for the log of a later ledger of the same name.
      await SqliteStorage.open(path).close();
    }
    await rename(path, path + deletingSuffix);
    await syncPath(this.#folder);
    await removeLedgerFile(path + deletingSuffix);
  }

  #path(name: string): string {
    return join(this.#folder, name + LEDGER_SUFFIX);
  }
}
