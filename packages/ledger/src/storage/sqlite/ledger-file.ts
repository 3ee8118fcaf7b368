// SPDX-License-Identifier: MIT
import { rm } from "node:fs/promises";

/** How the file of a ledger ends: `NAME.ledger`. */
export const LEDGER_SUFFIX = ".ledger";
/** What follows while the file is being made; whoever opens the folder as a data folder clears such files away. */
export const CREATING_SUFFIX = ".creating";

/** What SQLite may keep next to a file. */
export const SIDE_FILES = ["-wal", "-shm", "-journal"] as const;

/** Removes a ledger's file and what SQLite keeps beside it; what is not there needs no removing. */
export async function removeLedgerFile(file: string): Promise<void> {
  for (const suffix of ["", ...SIDE_FILES]) await rm(file + suffix, { force: true });
}
