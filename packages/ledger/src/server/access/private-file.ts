// SPDX-License-Identifier: MIT
import { readFile, stat } from "node:fs/promises";

/** Others may read it, or the group may write it. Windows keeps rights elsewhere. */
const OPEN_MODE = process.platform === "win32" ? 0 : 0o027;

/** Describes the problem of a file and its remedy, and the error that led there. */
export type DescribeFileProblem = (problem: string, cause?: unknown) => Error;

/**
 * Reads a file that holds secrets: only its owner, and perhaps its group, can read it.
 *
 * @param what - what the file should be: "a file of access keys"
 * @param toError - makes the error that is thrown
 */
export async function readPrivateFile(
  path: string,
  what: string,
  toError: DescribeFileProblem,
): Promise<string> {
  const { mode, content } = await readWithMode(path, what, toError);
  if ((mode & OPEN_MODE) === 0) return content;
  throw toError(
    `expected a file that only its owner can read, found that others can: run "chmod 600 ${path}"`,
  );
}

/** Reads a file that anybody may read. */
export async function readPublicFile(
  path: string,
  what: string,
  toError: DescribeFileProblem,
): Promise<string> {
  return (await readWithMode(path, what, toError)).content;
}

async function readWithMode(
  path: string,
  what: string,
  toError: DescribeFileProblem,
): Promise<{ mode: number; content: string }> {
  try {
    return { mode: (await stat(path)).mode, content: await readFile(path, "utf8") };
  } catch (error) {
    const { code = "an error" } = error as NodeJS.ErrnoException;
    throw toError(`expected ${what}, found ${code}: check the path and the rights of this process`, error);
  }
}
