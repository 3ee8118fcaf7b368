// SPDX-License-Identifier: MIT
import { open, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import type { DeadLetter, DeadLetterSink } from "./dead-letter";
import { encodeDeadLetter } from "./dead-letter-codec";
import { withFileLock } from "../files/file-lock";
import { syncFolder } from "../files/sync-folder";

const NEWLINE = 0x0a;

/**
 * Keeps dead letters in a file, one line of JSON each; the file is readable by its owner only.
 *
 * Several processes may park into one file. A letter is on disk (fsync) when `park` returns; a line that was cut off by a
 * crash stays where it is, and the next letter begins on a line of its own.
 */
export class FileDeadLetterSink implements DeadLetterSink {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async park(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    const lines = letters.map((letter) => `${encodeDeadLetter(letter)}\n`).join("");
    await withFileLock(this.#path, () => appendDurably(this.#path, lines));
  }
}

/** Appends lines and waits until they, and the file's name, are on disk. */
export async function appendDurably(path: string, lines: string | Uint8Array): Promise<void> {
  const file = await open(path, "a+", 0o600);
  try {
    const { size } = await file.stat();
    if (size > 0 && (await byteAt(file, size - 1)) !== NEWLINE) await file.appendFile("\n");
    await file.appendFile(lines);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(dirname(path));
}

async function byteAt(file: FileHandle, position: number): Promise<number | undefined> {
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, position);
  return buffer[0];
}
