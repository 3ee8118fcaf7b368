// SPDX-License-Identifier: MIT
import { open, readFile, writeFile, type FileHandle } from "node:fs/promises";
import { FileError } from "./cli-errors";
import { decodeNamedFile, decodeNamedStream } from "./decode-named-file";
import type { Terminal } from "./output/terminal";

/** Reads a file that the command line names, text as UTF-8 without a byte order mark. Throws {@link FileError}. */
export async function readNamedFile(path: string, what: string): Promise<Uint8Array> {
  return decodeNamedFile(await readNamedBytes(path, what), path, what);
}

/** Reads the bytes of a file that the command line names, as they are. Throws {@link FileError}. */
export async function readNamedBytes(path: string, what: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw unreadable(path, what, cause);
  }
}

/** Writes a file that the command line names, which only this user may read if it is new. Throws {@link FileError}. */
export async function writeNamedFile(path: string, what: string, content: string): Promise<void> {
  try {
    await writeFile(path, content, { mode: 0o600 });
  } catch (cause) {
    throw new FileError(path, `expected to be able to write ${what} to ${path}, found: ${problem(cause)}`, {
      cause,
    });
  }
}

/**
 * Works with a file's content as a stream, text as UTF-8 without a byte order mark, or with standard input for `-`; the file is closed however the work ends. A file
 * that cannot be opened is a {@link FileError} at once.
 */
export async function withInput<T>(
  path: string,
  what: string,
  terminal: Terminal,
  work: (input: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  if (path === "-") return work(decodeNamedStream(terminal.stdin, "standard input", what));
  const file = await openFile(path, what);
  try {
    const content: AsyncIterable<Uint8Array> = file.createReadStream({ autoClose: false });
    return await work(decodeNamedStream(content, path, what));
  } finally {
    await file.close();
  }
}

async function openFile(path: string, what: string): Promise<FileHandle> {
  try {
    const file = await open(path);
    if (!(await file.stat()).isDirectory()) return file;
    await file.close();
  } catch (cause) {
    throw unreadable(path, what, cause);
  }
  throw new FileError(path, `expected ${what} in ${path}, found a folder: name the file`);
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
