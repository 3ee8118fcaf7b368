// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ErasedBytes } from "./erased-bytes";
import { type EvidenceCopy, copyFiles, copyUnlessClosed } from "./evidence-copy";
import { isOlderFormat, migrate, refuseNewerFormat, requireLedgerFormat } from "./schema";
import { SqliteFile } from "./sqlite-file";

/** Negative: in KiB. Document ids are random, so every commit touches pages all over their index. */
const CACHE_SIZE = -32_768;

/** A ledger's file of the current format. */
export interface OpenedFile {
  readonly file: SqliteFile;
  /** Closes the file, and removes what was made to open it. */
  readonly release: () => void | Promise<void>;
}

/**
 * Opens a file for this process alone, or makes it, and brings it to the current format.
 *
 * @param hasCommits - true if commits of the ledger were acknowledged: a file without tables is refused then.
 */
export function openToWrite(path: string, hasCommits: boolean): OpenedFile {
  const file = SqliteFile.open(path);
  try {
    if (hasCommits) requireLedgerFormat(file);
    else refuseNewerFormat(file);
    // Exclusive: a second process would work from a head that this one has moved. The lock dies with the process.
    // A store without a file has no log either; SQLite then leaves the mode as it is.
    file.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    file.exec(`PRAGMA cache_size = ${CACHE_SIZE}`);
    ErasedBytes.overwriteDeleted(file);
    if (migrate(file)) ErasedBytes.markNew(file);
  } catch (error) {
    file.close();
    throw error;
  }
  const release = (): void => {
    foldLog(file);
  };
  return { file, release };
}

/** Opens a file and leaves its bytes as they are, and its log's: opens a copy where SQLite would write. */
export async function openToRead(path: string): Promise<OpenedFile> {
  const copy = await copyUnlessClosed(path);
  if (copy !== undefined) return openCopy(copy, path);
  const file = SqliteFile.openReadOnly(path);
  const release = (): void => {
    file.close();
  };
  try {
    if (!isOlderFormat(file)) return { file, release };
  } catch (error) {
    file.close();
    throw error;
  }
  file.close();
  return openCopy(await copyFiles(path), path);
}

/** Opens a new file in the folder for temporary files (`TMPDIR`). It need not survive a crash, so nothing waits for the disk. */
export async function openScratch(): Promise<OpenedFile> {
  const folder = await mkdtemp(join(tmpdir(), "ledger-loader-scratch-"));
  const file = SqliteFile.open(join(folder, "scratch"));
  file.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = OFF");
  file.exec(`PRAGMA cache_size = ${CACHE_SIZE}`);
  migrate(file);
  const release = async (): Promise<void> => {
    file.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { file, release };
}

/** A copy can be migrated. */
async function openCopy(copy: EvidenceCopy, path: string): Promise<OpenedFile> {
  let file: SqliteFile | undefined;
  const release = async (): Promise<void> => {
    file?.close();
    await copy.remove();
  };
  try {
    file = SqliteFile.open(copy.path, path);
    if (isOlderFormat(file)) migrate(file);
    return { file, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/**
 * Folds the log into the file, gives up the lock and closes.
 *
 * Closing alone does neither: the library finalises statements only when they are collected, and until then SQLite
 * keeps the file open.
 */
export function foldLog(file: SqliteFile): void {
  try {
    file.exec("PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL; SELECT 1 FROM sqlite_schema");
  } finally {
    file.close();
  }
}
