// SPDX-License-Identifier: MIT
import type { NodeAddress } from "@ledger-loader/journal";
import { StoreUnreadableError } from "../../errors";
import { Mutex } from "../../mutex";
import type {
  Head,
  HeadLock,
  HistorySelection,
  LedgerDescription,
  LedgerStorage,
  StoredBlock,
  StoredCatalog,
  StoredRevision,
} from "../storage";
import { derivedRows } from "./derived-rows";
import { copyUnlessClosed } from "./evidence-copy";
import { migrate, refuseNewerFormat, requireCurrentFormat } from "./schema";
import { SqliteAppendStatements, SqliteHeadLock } from "./sqlite-head-lock";
import { type Command, type Query, SqliteFile } from "./sqlite-file";
import { OpenFiles } from "./open-files";
import { SqliteReader } from "./sqlite-reader";

/**
 * A ledger in one SQLite file.
 *
 * The file is locked while it is open: one process at a time. Commits are flushed to the disk before they are
 * acknowledged (write-ahead log, `synchronous = FULL`).
 */
export class SqliteStorage implements LedgerStorage {
  readonly #file: SqliteFile;
  readonly #reader: SqliteReader;
  readonly #appendStatements: SqliteAppendStatements;
  readonly #readMeta: Query<[string]>;
  readonly #writeMeta: Command;
  readonly #appending = new Mutex();
  #head: Head | undefined;
  #isClosed = false;

  readonly #files: OpenFiles;
  readonly #release: () => Promise<void>;

  private constructor(file: SqliteFile, release: () => Promise<void>, openFiles: readonly string[] = []) {
    this.#file = file;
    this.#release = release;
    this.#reader = new SqliteReader(file);
    this.#appendStatements = new SqliteAppendStatements(file);
    this.#readMeta = file.query("SELECT value FROM meta WHERE name = ?");
    this.#writeMeta = file.command("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)");
    this.#head = this.#reader.readHead();
    this.#files = new OpenFiles(openFiles);
  }

  /**
   * Opens a file, or makes it; without a file it is a store that is gone when it is closed.
   *
   * @throws StoreLockedError if another process has it open.
   * @throws StoreFormatError if a newer version has written it.
   * @throws StoreUnreadableError if it is no ledger file.
   * @throws StoreAccessError if the disk or the rights of this process do not allow it.
   */
  static open(path = ""): SqliteStorage {
    const file = SqliteFile.open(path);
    try {
      refuseNewerFormat(file);
      // Exclusive: a second process would work from a head that this one has moved. The lock dies with the process.
      // A store without a file has no log either; SQLite then leaves the mode as it is.
      file.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
      // In KiB; document ids are random, so every commit touches pages all over their index.
      file.exec("PRAGMA cache_size = -32768");
      migrate(file);
      return new SqliteStorage(file, () => release(file), path === "" ? [] : [path, `${path}-wal`]);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /**
   * Opens a file to read it, and leaves its bytes as they are, and its log's: reads a copy where SQLite would write.
   *
   * No process may write to it meanwhile.
   *
   * @throws StoreFormatError, StoreUnreadableError, StoreAccessError, StoreLockedError as {@link SqliteStorage.open}.
   */
  static async read(path: string): Promise<SqliteStorage> {
    const copy = await copyUnlessClosed(path);
    let file: SqliteFile | undefined;
    const close = async (): Promise<void> => {
      file?.close();
      await copy?.remove();
    };
    try {
      file = copy === undefined ? SqliteFile.openReadOnly(path) : SqliteFile.open(copy.path, path);
      requireCurrentFormat(file);
      return new SqliteStorage(file, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  readDescription(): Promise<LedgerDescription> {
    const row = this.#readMeta.get("description");
    if (row === undefined) {
      return Promise.reject(new StoreUnreadableError(this.#file.path, "it does not describe a ledger"));
    }
    return Promise.resolve(JSON.parse(row[0]) as LedgerDescription);
  }

  writeDescription(description: LedgerDescription): Promise<void> {
    this.#writeMeta.run("description", JSON.stringify(description));
    return Promise.resolve();
  }

  readHead(): Promise<Head | undefined> {
    return Promise.resolve().then(() => {
      this.#files.requireUnchanged();
      return this.#head;
    });
  }

  readCatalog(asOf: number): Promise<StoredCatalog> {
    return Promise.resolve(this.#reader.readCatalog(asOf));
  }

  findByIds(tableNo: number, documentIds: readonly string[], asOf: number): Promise<StoredRevision[]> {
    return Promise.resolve(this.#reader.findByIds(tableNo, documentIds, asOf));
  }

  findByIndex(tableNo: number, indexNo: number, key: string, asOf: number): AsyncIterable<StoredRevision> {
    return this.#reader.findByIndex(tableNo, indexNo, key, asOf);
  }

  scan(tableNo: number, asOf: number): AsyncIterable<StoredRevision> {
    return this.#reader.scan(tableNo, asOf);
  }

  history(tableNo: number, selection: HistorySelection, asOf: number): AsyncIterable<StoredRevision> {
    return this.#reader.history(tableNo, selection, asOf);
  }

  readBlock(sequenceNo: number): Promise<StoredBlock | undefined> {
    return Promise.resolve(this.#reader.readBlock(sequenceNo));
  }

  readBlocks(first: number, last: number): AsyncIterable<StoredBlock> {
    return this.#reader.readBlocks(first, last);
  }

  readMerkleNodes(addresses: readonly NodeAddress[]): Promise<Uint8Array[]> {
    const nodes: Uint8Array[] = [];
    for (const address of addresses) {
      const node = this.#reader.readMerkleNode(address);
      if (node === undefined) {
        const detail = `node ${address.level}/${address.index} of the tree of blocks is missing`;
        return Promise.reject(new StoreUnreadableError(this.#file.path, detail));
      }
      nodes.push(node);
    }
    return Promise.resolve(nodes);
  }

  lockHead<T>(work: (lock: HeadLock) => Promise<T>): Promise<T> {
    return this.#appending.run(async () => {
      this.#files.requireUnchanged();
      // The database transaction begins with the first block: whoever only validates pays for none.
      const begin = (): void => {
        this.#file.exec("BEGIN IMMEDIATE");
      };
      const lock = new SqliteHeadLock(this.#appendStatements, this.#reader, this.#head, begin);
      try {
        const result = await work(lock);
        if (this.#file.inTransaction) this.#file.exec("COMMIT");
        // A file that was removed before the commit has taken the commit with it.
        this.#files.requireUnchanged();
        // Readers learn of the new blocks only now that they are safe.
        this.#head = lock.head;
        return result;
      } catch (error) {
        if (this.#file.inTransaction) this.#file.exec("ROLLBACK");
        throw error;
      }
    });
  }

  derivedState(upTo: number): AsyncIterable<string> {
    return derivedRows(this.#file, upTo);
  }

  copyTo(file: string): Promise<void> {
    // SQLite refuses it within a transaction, so it waits for commits that are under way. It does not stop in between.
    return this.#appending.run(() => {
      this.#file.command("VACUUM INTO ?").run(file);
      return Promise.resolve();
    });
  }

  close(): Promise<void> {
    return this.#appending.run(() => {
      if (this.#isClosed) return Promise.resolve();
      this.#isClosed = true;
      if (this.#files.areUnchanged()) return this.#release();
      // SQLite would fold the log into a file that is not the log's.
      this.#file.close();
      return Promise.resolve();
    });
  }
}

/**
 * Folds the log into the file, gives up the lock and closes.
 *
 * Closing alone does neither: the library finalises statements only when they are collected, and until then SQLite
 * keeps the file open.
 */
function release(file: SqliteFile): Promise<void> {
  try {
    file.exec("PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL; SELECT 1 FROM sqlite_schema");
    return Promise.resolve();
  } finally {
    file.close();
  }
}
