// SPDX-License-Identifier: MIT
import { createReadStream } from "node:fs";
import { open, readFile, writeFile } from "node:fs/promises";
import { FileError } from "./cli-errors";
import type { Terminal } from "./terminal";

/** Reads a file that the command line names. Throws {@link FileError}. */
export async function readNamedFile(path: string, what: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw unreadable(path, what, cause);
  }
}

/** Writes a file that the command line names. Throws {@link FileError}. */
export async function writeNamedFile(path: string, what: string, content: string): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (cause) {
    throw new FileError(path, `expected to be able to write ${what} to ${path}, found: ${problem(cause)}`, {
      cause,
    });
  }
}

/** Streams a file, or standard input for `-`. A file that cannot be opened is a {@link FileError} at once. */
export async function openInput(
  path: string,
  what: string,
  terminal: Terminal,
): Promise<AsyncIterable<Uint8Array>> {
  if (path === "-") return terminal.stdin as AsyncIterable<Uint8Array>;
  try {
    const handle = await open(path);
    if ((await handle.stat()).isDirectory()) {
      await handle.close();
      throw new FileError(path, `expected ${what} in ${path}, found a folder: name the file`);
    }
    return createReadStream(path, { fd: handle });
  } catch (cause) {
    throw cause instanceof FileError ? cause : unreadable(path, what, cause);
  }
}

function unreadable(path: string, what: string, cause: unknown): FileError {
  return new FileError(path, `expected ${what} in ${path}, found: ${problem(cause)}`, { cause });
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EACCES: "no permission",
  EISDIR: "a folder",
};

function problem(error: unknown): string {
  const known = PROBLEMS[(error as NodeJS.ErrnoException).code ?? ""];
  return known ?? (error instanceof Error ? error.message : String(error));
}
