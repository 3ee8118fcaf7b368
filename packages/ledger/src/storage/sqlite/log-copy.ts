// SPDX-License-Identifier: MIT
import { constants, copyFileSync, existsSync, linkSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { syncPathNow } from "../durable-files";
import { toFileError } from "../file-error";
import { LOG_SUFFIX } from "./ledger-file";

const COPY_SUFFIX = ".opening";

/**
 * A second name of a ledger's log while the ledger is being opened: SQLite removes a log that it has folded into its file,
 * and drops whatever follows a damaged place.
 */
export class LogCopy {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Returns `undefined` where there is no log. */
  static take(ledgerFile: string): LogCopy | undefined {
    const log = ledgerFile + LOG_SUFFIX;
    if (!existsSync(log)) return undefined;
    const copy = log + COPY_SUFFIX;
    rmSync(copy, { force: true });
    try {
      linkOrCopy(log, copy);
    } catch (error) {
      throw toFileError(error, copy);
    }
    return new LogCopy(copy);
  }

  /** Removes the second name, unless the log is kept. */
  discard(): void {
    rmSync(this.#path, { force: true });
  }

  /** Keeps the log as it was found, and returns its path. What was kept under that name before stays. */
  keep(suffix: string): string {
    const kept = this.#path.slice(0, -COPY_SUFFIX.length) + suffix;
    if (existsSync(kept)) this.discard();
    else renameSync(this.#path, kept);
    syncPathNow(dirname(kept));
    return kept;
  }
}

/** A link takes no room, and SQLite does not write to a log before it begins a commit. Not every file system has links. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
    syncPathNow(to);
  }
}
