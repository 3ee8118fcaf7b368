// SPDX-License-Identifier: MIT
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { writeBackup, type LedgerBackup, type WriteBackupOptions } from "@ledger-loader/ledger";
import { FileError } from "../cli-errors";
import { connectionFrom } from "./connection";
import { fetchBytes, namesStore, readServedDigest, withStore, type JournalOptions } from "./ledger-journal";
import type { Terminal } from "../output/terminal";

/** Copies a ledger, from a server or from a data folder, into a folder and verifies the copy. */
export async function backUpLedger(
  terminal: Terminal,
  ledgerName: string,
  options: JournalOptions & { readonly output: string },
  onProgress: NonNullable<WriteBackupOptions["onProgress"]>,
): Promise<LedgerBackup> {
  const { output: folder } = options;
  try {
    if (namesStore(options)) {
      return await withStore(options, async (store) =>
        (await store.open(ledgerName)).backUp({ folder, onProgress }),
      );
    }
    const connection = connectionFrom(options, terminal.env);
    const digest = await readServedDigest(connection, ledgerName);
    const url = new URL(`/ledgers/${encodeURIComponent(ledgerName)}/backup`, connection.endpoint);
    const copyTo = (file: string): Promise<void> =>
      pipeline(
        fetchBytes(connection, url, "a backup"),
        createWriteStream(file, { flags: "wx", mode: 0o600 }),
      );
    return await writeBackup({ ledgerName, folder, digest, copyTo, onProgress });
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined || !FILE_CALLS.has(syscall)) throw error;
    const explained = `expected to be able to write a backup to ${folder}, found: ${message}`;
    throw new FileError(folder, explained, { cause: error });
  }
}

/** Calls of the system that fail because of the folder or its disk, and not because of the network. */
const FILE_CALLS: ReadonlySet<string> = new Set([
  "mkdir",
  "open",
  "write",
  "access",
  "stat",
  "rename",
  "fsync",
]);
