// SPDX-License-Identifier: MIT
import { constants } from "node:fs";
import { copyFile, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exists } from "../durable-files";
import { LEDGER_SUFFIX, SIDE_FILES } from "./ledger-file";

/** A place of its own for a copy of a ledger's files. */
export interface EvidenceCopy {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Copies a ledger's file, and its log, if SQLite cannot read them without writing to them; else returns `undefined`.
 *
 * SQLite folds a log into its file, and needs a file for the log's index. That is so after a crash, or where the log was
 * removed. The copy is in the folder for temporary files (`TMPDIR`). No process may have the ledger open.
 */
export async function copyUnlessClosed(path: string): Promise<EvidenceCopy | undefined> {
  const isClosed = (await sideFilesOf(path)).length === 0 && !(await needsLog(path));
  return isClosed ? undefined : copyFiles(path);
}

/** Copies a ledger's file, and its log if there is one. No process may have the ledger open. */
export async function copyFiles(path: string): Promise<EvidenceCopy> {
  const folder = await mkdtemp(join(tmpdir(), "ledger-loader-copy-"));
  const copy = join(folder, `copy${LEDGER_SUFFIX}`);
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    for (const suffix of ["", ...(await sideFilesOf(path))]) {
      // A file system that can shares the blocks instead of copying them.
      await copyFile(path + suffix, copy + suffix, constants.COPYFILE_FICLONE);
    }
    return { path: copy, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function sideFilesOf(path: string): Promise<string[]> {
  const besides: string[] = [];
  for (const suffix of SIDE_FILES) if (await exists(path + suffix)) besides.push(suffix);
  return besides;
}

/** Bytes 18 and 19 of the header are 2 in write-ahead mode. Source: https://www.sqlite.org/fileformat2.html */
async function needsLog(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(20), 0, 20, 0);
    return bytesRead === 20 && buffer[18] === 2;
  } finally {
    await file.close();
  }
}
