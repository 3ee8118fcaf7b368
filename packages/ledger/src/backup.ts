// SPDX-License-Identifier: MIT
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "@ledger-loader/journal";
import { BackupExistsError } from "./errors";
import { exists, syncPath } from "./storage/durable-files";
import { CREATING_SUFFIX, LEDGER_SUFFIX, removeLedgerFile } from "./storage/sqlite/ledger-file";
import { SqliteStorage } from "./storage/sqlite/sqlite-storage";
import type { LedgerStorage } from "./storage/storage";
import { rebuildLedger } from "./verification/rebuild-ledger";
import {
  type LedgerVerification,
  verifyLedger,
  type VerifyLedgerOptions,
} from "./verification/verify-ledger";

/** Where a backup goes, and how to get it. */
export interface WriteBackupOptions extends Pick<VerifyLedgerOptions, "onProgress"> {
  readonly ledgerName: string;
  /** The folder that gets `NAME.ledger`; it is made if it is not there. */
  readonly folder: string;
  /** The ledger's digest from before the copy is made; the copy MUST reach it. */
  readonly digest: Digest;
  /** Writes the copy of the ledger's file to a path where nothing is yet. */
  readonly copyTo: (file: string) => Promise<void>;
}

/** A copy of a ledger's file, and what came of verifying it. */
export interface LedgerBackup {
  /** Where the copy is; `undefined` if it does not verify, and so was not kept. */
  readonly file: string | undefined;
  readonly bytes: number;
  readonly verification: LedgerVerification;
}

/**
 * Writes a copy of a ledger and verifies it: every block, all that is derived from them, and that it reaches the digest.
 *
 * The copy gets its name `NAME.ledger` last, once it is verified and safely stored; the folder is then a data folder that
 * a server can serve.
 *
 * @throws BackupExistsError if the folder has a ledger of that name.
 */
export async function writeBackup(options: WriteBackupOptions): Promise<LedgerBackup> {
  const { folder, digest, onProgress, copyTo } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, options.ledgerName + LEDGER_SUFFIX);
  if (await exists(file)) throw new BackupExistsError(file);
  // Whoever opens the folder as a data folder clears this away if we do not come to it.
  const unfinished = file + CREATING_SUFFIX;
  await rm(unfinished, { force: true });
  try {
    await copyTo(unfinished);
    const verification = await verifyCopy(unfinished, {
      digest,
      onProgress,
    });
    const { size: bytes } = await stat(unfinished);
    if (!isKept(verification)) return { file: undefined, bytes, verification };
    await syncPath(unfinished);
    await rename(unfinished, file);
    await syncPath(folder);
    return { file, bytes, verification };
  } finally {
    await removeLedgerFile(unfinished);
  }
}

/** Redacted content cannot be checked, in the copy as in the ledger, and is no reason to refuse a backup. */
function isKept({ verdict, assurance }: LedgerVerification): boolean {
  return verdict !== "failed" && assurance === "anchored";
}

async function verifyCopy(file: string, options: VerifyLedgerOptions): Promise<LedgerVerification> {
  const storage = SqliteStorage.open(file);
  try {
    return await verifyLedger(storage, options);
  } finally {
    await storage.close();
  }
}

/** Writes a ledger from any storage to a SQLite file: its description, and its blocks up to the newest one. */
export async function writeLedgerFile(file: string, source: LedgerStorage): Promise<void> {
  const target = SqliteStorage.open(file);
  try {
    const description = await source.readDescription();
    await target.writeDescription(description);
    const head = await source.readHead();
    if (head !== undefined)
      await rebuildLedger(target, source.readBlocks(0, head.sequenceNo), description.givenIds);
  } finally {
    await target.close();
  }
}
