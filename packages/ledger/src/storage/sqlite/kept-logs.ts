// SPDX-License-Identifier: MIT
import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { syncPathNow } from "../durable-files";
import { toFileError } from "../file-error";
import { LOG_SUFFIX } from "./ledger-file";

/** The end of a kept log's name: `NAME.ledger-wal.lost-FIRST-LAST`, with the blocks that the log lacked. */
export function keptLogSuffix(firstBlock: number, lastBlock: number): string {
  return `${KEPT}${firstBlock}-${lastBlock}`;
}

const KEPT = ".lost-";

/**
 * Removes the damaged logs that were kept of a ledger. Documents are in them, also those that were erased later.
 *
 * @throws StoreAccessError if the disk or the rights of this process do not allow it.
 */
export function removeKeptLogs(ledgerFile: string): void {
  const folder = dirname(ledgerFile);
  const beginning = basename(ledgerFile) + LOG_SUFFIX + KEPT;
  try {
    const kept = readdirSync(folder).filter((name) => name.startsWith(beginning));
    for (const name of kept) rmSync(join(folder, name), { force: true });
    if (kept.length > 0) syncPathNow(folder);
  } catch (error) {
    throw toFileError(error, join(folder, beginning));
  }
}
