// SPDX-License-Identifier: MIT
import { types } from "node:util";
import { StoreAccessError, StoreLockedError, StoreUnreadableError } from "../../errors";

/** The meaning of SQLite's result codes for a file, and the remedy. Source: https://www.sqlite.org/rescode.html */
const REFUSALS: readonly { readonly code: string; readonly found: string; readonly advice: string }[] = [
  { code: "SQLITE_FULL", found: "that the disk is full", advice: "free space on it" },
  {
    code: "SQLITE_READONLY",
    found: "that it cannot be written to",
    advice:
      "give this user the right to write the file and its folder, or move it to a disk that can be written",
  },
  {
    code: "SQLITE_CANTOPEN",
    found: "that it cannot be opened",
    advice: "check that its folder exists, and that this user may read and write both",
  },
  {
    code: "SQLITE_PERM",
    found: "that access is denied",
    advice: "give this user the right to read and write it",
  },
  {
    code: "SQLITE_IOERR",
    found: "that the disk answers with an error",
    advice: "look at the system's log for the disk, and copy the folder before you go on",
  },
  { code: "SQLITE_TOOBIG", found: "a value that is too large to store", advice: "write less at once" },
];

/** The library tells a file that cannot be opened by a message alone, which ends with the number of the code. */
const OPENING_FAILED = /Unable to open connection .*: (\d+)/;
const CANTOPEN = "14";

/** Makes an error of SQLite one that names the file; anything else stays as it is. */
export function toStorageError(error: unknown, file: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED"))
    return new StoreLockedError(file, error);
  if (code.startsWith("SQLITE_NOTADB") || code.startsWith("SQLITE_CORRUPT")) {
    return new StoreUnreadableError(file, "it is not a sound SQLite database", error);
  }
  const refusal = REFUSALS.find((known) => code.startsWith(known.code));
  return refusal === undefined ? error : new StoreAccessError(file, refusal.found, refusal.advice, error);
}

function codeOf(error: unknown): string | undefined {
  // The library makes errors of its own prototype, and native ones.
  if (!(error instanceof Error) && !types.isNativeError(error)) return undefined;
  if ("code" in error && typeof error.code === "string" && error.code !== "") return error.code;
  return OPENING_FAILED.exec(error.message)?.[1] === CANTOPEN ? "SQLITE_CANTOPEN" : undefined;
}
