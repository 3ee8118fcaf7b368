// SPDX-License-Identifier: MIT
import type { NodeAddress } from "@ledger-loader/journal";
import { CommitsMissingError, StoreUnreadableError } from "../../errors";
import { Mutex } from "../../mutex";
import { findMissing, toAcceptedLoss } from "../missing-commits";
import type {
  AcceptedLoss,
  Head,
  HeadLock,
  HistorySelection,
  LedgerDescription,
  LedgerStorage,
  MissingCommits,
  StoredBlock,
  StoredCatalog,
  StoredRevision,
  Tags,
} from "../storage";
import { derivedRows } from "./derived-rows";
import { ErasedBytes } from "./erased-bytes";
import { keptLogSuffix } from "./kept-logs";
import { LOG_SUFFIX, TIP_SUFFIX } from "./ledger-file";
import { LiveCopies } from "./live-copies";
import { LogCopy } from "./log-copy";
import { foldLog, openScratch, openToRead, openToWrite } from "./open-sqlite-file";
import { type KnownCatalog, SqliteAppendStatements, SqliteHeadLock, tagsName } from "./sqlite-head-lock";
import { type Command, makeForOwner, type Query, type SqliteFile } from "./sqlite-file";
import { OpenFiles } from "./open-files";
import { SqliteReader } from "./sqlite-reader";
import type { ReadStorageOptions, StorageParts } from "./storage-parts";
import { TipFile } from "./tip-file";

const ACCEPTED_LOSSES = "accepted-losses";

/**
 * A ledger in one SQLite file.
 *
 * The file is locked while it is open: one process at a time. Commits are flushed to the disk before they are
 * acknowledged (write-ahead log, `synchronous = FULL`), and the newest one is recorded in a file apart, by which the loss
 * of a log is noticed.
 */
export class SqliteStorage implements LedgerStorage {
  readonly #file: SqliteFile;
  readonly #reader: SqliteReader;
  readonly #appendStatements: SqliteAppendStatements;
  readonly #readMeta: Query<[string]>;
  readonly #writeMeta: Command;
  readonly #appending = new Mutex();
  readonly #erased: ErasedBytes;
  readonly #files: OpenFiles;
  /** `undefined` where nothing is committed, or there is no file. */
  readonly #copies: LiveCopies | undefined;
  readonly #release: () => void | Promise<void>;
  #tip: TipFile | undefined;
  #head: Head | undefined;
  #catalog: KnownCatalog | undefined;
  #erasureCount = 0;

  private constructor({ file, release, openFiles = [], tip }: StorageParts) {
    this.#file = file;
    this.#release = release;
    this.#reader = new SqliteReader(file);
    this.#appendStatements = new SqliteAppendStatements(file);
    this.#readMeta = file.query("SELECT value FROM meta WHERE name = ?");
    this.#writeMeta = file.command("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)");
    this.#erased = new ErasedBytes(file);
    this.#head = this.#reader.readHead();
    this.#files = new OpenFiles(openFiles);
    if (openFiles.length > 0) this.#copies = new LiveCopies(file, this.#erased, this.#appending);
    this.#tip = tip;
    if (tip?.tip !== undefined && openFiles.length > 0) this.#files.add(tip.path);
  }

  /**
   * Opens a file, or makes it; without a file it is a store that is gone when it is closed.
   *
   * @throws StoreLockedError if another process has it open.
   * @throws StoreFormatError if a newer version has written it.
   * @throws StoreUnreadableError if it is no ledger file.
   * @throws StoreAccessError if the disk or the rights of this process do not allow it.
   * @throws CommitsMissingError if commits that were acknowledged are not in it. Its log is kept as it was found.
   * @throws TipUnreadableError if the record of acknowledged commits is damaged.
   */
  static open(path = ""): SqliteStorage {
    if (path === "") return SqliteStorage.#openToWrite(path);
    const tip = TipFile.open(path + TIP_SUFFIX);
    const log = tip.tip === undefined ? undefined : LogCopy.take(path);
    try {
      const storage = SqliteStorage.#openToWrite(path, tip);
      const missing = storage.#findMissing();
      if (missing === undefined) return storage.#tidied();
      const kept = log?.keep(keptLogSuffix(missing.journalEnd + 1, missing.tip.sequenceNo));
      foldLog(storage.#file);
      throw new CommitsMissingError(path, missing, kept);
    } finally {
      log?.discard();
    }
  }

  /**
   * Opens a file, even if it lacks acknowledged commits, so that {@link SqliteStorage.acceptLoss} can be called.
   *
   * @throws as {@link SqliteStorage.open}, but for `CommitsMissingError`.
   */
  static openShortened(path: string): SqliteStorage {
    try {
      return SqliteStorage.open(path);
    } catch (error) {
      if (!(error instanceof CommitsMissingError)) throw error;
      // The log is kept and folded now: a commit from here on does not write to what was kept.
      return SqliteStorage.#openToWrite(path, TipFile.open(path + TIP_SUFFIX));
    }
  }

  /** Opens an empty store in a temporary file, which is gone when it is closed: for what need not survive, and may be large. */
  static async openScratch(): Promise<SqliteStorage> {
    return new SqliteStorage(await openScratch());
  }

  static #openToWrite(path: string, tip?: TipFile): SqliteStorage {
    const opened = openToWrite(path, tip?.tip !== undefined);
    try {
      if (tip === undefined) return new SqliteStorage(opened);
      return new SqliteStorage({ ...opened, tip, openFiles: [path, path + LOG_SUFFIX] });
    } catch (error) {
      opened.file.close();
      throw error;
    }
  }

  /**
   * Opens a file to read it, and leaves its bytes as they are, and its log's: reads a copy where SQLite would write.
   *
   * No process may write to it meanwhile.
   *
   * @throws as {@link SqliteStorage.open}
   */
  static async read(path: string, options: ReadStorageOptions = {}): Promise<SqliteStorage> {
    const tip = TipFile.open(path + TIP_SUFFIX);
    const opened = await openToRead(path);
    try {
      return SqliteStorage.#checked({ ...opened, tip }, options);
    } catch (error) {
      await opened.release();
      throw error;
    }
  }

  /** Refuses a journal that lacks acknowledged commits, unless it is to be looked at all the same. */
  static #checked(parts: StorageParts, { evenIfShortened }: ReadStorageOptions): SqliteStorage {
    const storage = new SqliteStorage(parts);
    const missing = storage.#findMissing();
    const isLookedAt = evenIfShortened === true && storage.#head !== undefined;
    if (missing !== undefined && !isLookedAt) throw new CommitsMissingError(parts.file.path, missing);
    return storage;
  }

  /** Does what a crash may have left to do. */
  #tidied(): this {
    try {
      // The crash may have come between an erasure and the removal of its bytes.
      this.#erased.remove();
      // Not while a ledger is open: a transaction that began before may still look into a dropped index.
      this.#appendStatements.erasure.purgeDroppedIndexes();
      return this;
    } catch (error) {
      this.#file.close();
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

  findMissingCommits(): Promise<MissingCommits | undefined> {
    return Promise.resolve(this.#findMissing());
  }

  #findMissing(): MissingCommits | undefined {
    const tip = this.#tip?.tip;
    return findMissing(tip, this.#head, tip && this.#reader.readBlock(tip.sequenceNo)?.hash);
  }

  readAcceptedLosses(): Promise<readonly AcceptedLoss[]> {
    const row = this.#readMeta.get(ACCEPTED_LOSSES);
    return Promise.resolve(row === undefined ? [] : (JSON.parse(row[0]) as AcceptedLoss[]));
  }

  /**
   * Records that the commits which are missing are lost, and lets the journal go on where it ends; returns `undefined` if
   * none are missing.
   *
   * @param acceptedAt - now, in milliseconds since 1970.
   */
  async acceptLoss(acceptedAt: number): Promise<AcceptedLoss | undefined> {
    const missing = this.#findMissing();
    if (missing === undefined) return undefined;
    const loss = toAcceptedLoss(missing, acceptedAt);
    const losses = [...(await this.readAcceptedLosses()), loss];
    this.#writeMeta.run(ACCEPTED_LOSSES, JSON.stringify(losses));
    if (this.#tip === undefined) return loss;
    this.#tip = await this.#tip.restart(this.#head);
    this.#files.add(this.#tip.path);
    return loss;
  }

  readTags(resource: string): Promise<Tags> {
    const row = this.#readMeta.get(tagsName(resource));
    return Promise.resolve(row === undefined ? {} : (JSON.parse(row[0]) as Tags));
  }

  writeTags(resource: string, tags: Tags): Promise<void> {
    this.#writeMeta.run(tagsName(resource), JSON.stringify(tags));
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

  scan(tableNo: number, asOf: number, skip?: number): AsyncIterable<StoredRevision> {
    return this.#reader.scan(tableNo, asOf, skip);
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
      const begin = (): void => {
        this.#file.exec("BEGIN IMMEDIATE");
      };
      // The database transaction begins with the first block: whoever only validates pays for none.
      const state = { head: this.#head, catalog: this.#catalog, begin };
      const lock = new SqliteHeadLock(this.#appendStatements, this.#reader, state);
      // What is rolled back was read, too.
      this.#catalog = undefined;
      try {
        const result = await work(lock);
        lock.write();
        if (lock.erasureCount > 0) this.#erased.markErased();
        if (this.#file.inTransaction) this.#file.exec("COMMIT");
        // A file that was removed before the commit has taken the commit with it.
        this.#files.requireUnchanged();
        this.#catalog = lock.catalog;
        // Before anybody else has a turn, who would find data gone and not know that it was erased.
        this.#erasureCount += lock.erasureCount;
        await this.#advance(lock.head);
        if (lock.erasureCount > 0) this.#erased.removeOrLater();
        return result;
      } catch (error) {
        if (this.#file.inTransaction) this.#file.exec("ROLLBACK");
        throw error;
      }
    });
  }

  /**
   * Readers learn of the new blocks only now that they are safe. They are in the file even if their record fails, so the
   * next block follows them.
   */
  async #advance(head: Head | undefined): Promise<void> {
    if (head === undefined || head.sequenceNo === this.#head?.sequenceNo) return;
    this.#head = head;
    if (this.#tip === undefined) return;
    const isFirst = this.#tip.tip === undefined;
    await this.#tip.record(head);
    if (isFirst) this.#files.add(this.#tip.path);
  }

  readErasureCount(): Promise<number> {
    return Promise.resolve(this.#erasureCount);
  }

  derivedState(upTo: number): AsyncIterable<string> {
    return derivedRows(this.#file, upTo);
  }

  async copyTo(file: string): Promise<void> {
    if (this.#copies !== undefined) {
      this.#files.requireUnchanged();
      return this.#copies.write(file);
    }
    return this.#appending.run(() => {
      makeForOwner(file);
      this.#file.command("VACUUM INTO ?").run(file);
      return Promise.resolve();
    });
  }

  async close(): Promise<void> {
    await this.#copies?.stop();
    await this.#appending.run(async () => {
      this.#tip?.close();
      if (this.#files.areUnchanged()) await this.#release();
      // SQLite would fold the log into a file that is not the log's.
      else this.#file.close();
    });
    this.#copies?.release();
  }
}
