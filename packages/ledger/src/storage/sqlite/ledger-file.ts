// SPDX-License-Identifier: MIT
import { rm } from "node:fs/promises";

/** How the file of a ledger ends: `NAME.ledger`. */
export const LEDGER_SUFFIX = ".ledger";
/** The ending of a file while it is being made; a server that opens the folder as a data folder removes such files. */
export const CREATING_SUFFIX = ".creating";

/** Where SQLite keeps the newest blocks while the file is open, and after a crash. */
export const LOG_SUFFIX = "-wal";
/** The files that SQLite may keep next to a file. */
export const SIDE_FILES = [LOG_SUFFIX, "-shm", "-journal"] as const;
/** The record of how far commits were acknowledged: see `TipFile`. */
export const TIP_SUFFIX = "-tip";

/** Removes a ledger's file and all that is kept beside it; what is not there needs no removing. */
export async function removeLedgerFile(file: string): Promise<void> {
  for (const suffix of ["", ...SIDE_FILES, TIP_SUFFIX]) await rm(file + suffix, { force: true });
}
