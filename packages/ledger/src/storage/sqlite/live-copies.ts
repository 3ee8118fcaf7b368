// SPDX-License-Identifier: MIT
import { closeSync, fstatSync, openSync, read } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { promisify } from "node:util";
import { LedgerClosedError, StoreLockedError } from "../../errors";
import { Mutex } from "../../mutex";
import { toFileError } from "../file-error";
import type { ErasedBytes } from "./erased-bytes";
import type { SqliteFile } from "./sqlite-file";

/** Few calls, and little memory. */
const CHUNK_BYTES = 256 * 1024;

/** Bytes 18 and 19 of the header: 1 where all is in the file, 2 where the newest pages may be in a log. */
const FORMAT_BYTES = { start: 18, end: 20, withoutLog: 1 } as const;

const readAt = promisify(read);

/**
 * Copies the file of an open ledger while transactions read and commit.
 *
 * In write-ahead mode SQLite changes the file only when it folds the log into it. So the log is folded first, and then grows until the
 * file is copied: the copy is the ledger of the moment before. https://www.sqlite.org/wal.html
 */
export class LiveCopies {
  readonly #file: SqliteFile;
  readonly #erased: ErasedBytes;
  readonly #appending: Mutex;
  readonly #copying = new Mutex();
  /** Stays open until the ledger is closed: to close it before would drop SQLite's locks, which belong to the process. */
  #descriptor: number | undefined;
  #isStopped = false;

  /** @param appending - what commits wait for */
  constructor(file: SqliteFile, erased: ErasedBytes, appending: Mutex) {
    this.#file = file;
    this.#erased = erased;
    this.#appending = appending;
  }

  /**
   * Writes a copy. Commits wait while the log is folded, which is small, and not for the copy.
   *
   * @throws StoreAccessError if the copy cannot be written
   * @throws LedgerClosedError if the ledger is closed meanwhile
   */
  write(target: string): Promise<void> {
    return this.#copying.run(async () => {
      const foldAfterPages = await this.#appending.run(() => Promise.resolve(this.#holdStill()));
      try {
        await this.#copyTo(target);
      } catch (error) {
        throw toFileError(error, target);
      } finally {
        await this.#appending.run(() => {
          this.#letGo(foldAfterPages);
          return Promise.resolve();
        });
      }
    });
  }

  /** Ends the copy that is being written. The ledger can be closed then. */
  stop(): Promise<void> {
    this.#isStopped = true;
    return this.#copying.run(() => Promise.resolve());
  }

  /** To be called when SQLite has closed the file. */
  release(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  /** Folds the log and keeps it from being folded again; returns after how many pages SQLite would. */
  #holdStill(): number {
    this.#requireOpen();
    this.#erased.removeOrLater();
    this.#descriptor ??= openSync(this.#file.path, "r");
    if (!this.#fold()) throw new StoreLockedError(this.#file.path, undefined);
    const [foldAfterPages] = this.#file.query<[number]>("PRAGMA wal_autocheckpoint").get() ?? [1_000];
    this.#foldAfter(0);
    this.#erased.hold();
    return foldAfterPages;
  }

  #letGo(foldAfterPages: number): void {
    this.#foldAfter(foldAfterPages);
    this.#erased.letGo();
    // A long log keeps its place on the disk until it is cut.
    this.#fold();
  }

  /** Folds the log into the file, and cuts it. False where SQLite reads from the log. */
  #fold(): boolean {
    return this.#file.query<[number]>("PRAGMA wal_checkpoint(TRUNCATE)").get()?.[0] === 0;
  }

  #foldAfter(pages: number): void {
    this.#file.query<[number]>(`PRAGMA wal_autocheckpoint = ${pages}`).get();
  }

  async #copyTo(target: string): Promise<void> {
    const copy = await open(target, "w", 0o600);
    try {
      await this.#copyPages(copy);
    } finally {
      await copy.close();
    }
  }

  async #copyPages(copy: FileHandle): Promise<void> {
    const { size } = fstatSync(this.#descriptor ?? -1);
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let at = 0; at < size;) {
      this.#requireOpen();
      const { bytesRead } = await readAt(this.#descriptor ?? -1, chunk, 0, CHUNK_BYTES, at);
      if (bytesRead === 0) break;
      if (at === 0) chunk.fill(FORMAT_BYTES.withoutLog, FORMAT_BYTES.start, FORMAT_BYTES.end);
      await copy.writeFile(chunk.subarray(0, bytesRead));
      at += bytesRead;
    }
  }

  #requireOpen(): void {
    if (this.#isStopped) throw new LedgerClosedError();
  }
}
