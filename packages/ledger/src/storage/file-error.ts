// SPDX-License-Identifier: MIT
import { StoreAccessError } from "../errors";

const FULL = { found: "that the disk is full", advice: "free space on it" } as const;
const DENIED = {
  found: "that access is denied",
  advice: "give this user the right to read and write it",
} as const;

/** The meaning of the system's error codes for a file of the store, and the remedy. Source: errno(3). */
const REFUSALS: ReadonlyMap<string, { readonly found: string; readonly advice: string }> = new Map([
  ["ENOSPC", FULL],
  ["EDQUOT", FULL],
  ["EFBIG", { found: "that it may not grow further", advice: "raise the limit of the size of files" }],
  ["EACCES", DENIED],
  ["EPERM", DENIED],
  ["EROFS", { found: "a disk that cannot be written to", advice: "move it to another disk" }],
  [
    "EIO",
    {
      found: "that the disk answers with an error",
      advice: "look at the system's log for the disk, and copy the folder before you go on",
    },
  ],
]);

/** A failed operation on a file as an error that names the file and says what to do; anything else as it is. */
export function toFileError(error: unknown, file: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const refusal = typeof code === "string" ? REFUSALS.get(code) : undefined;
  return refusal === undefined ? error : new StoreAccessError(file, refusal.found, refusal.advice, error);
}
