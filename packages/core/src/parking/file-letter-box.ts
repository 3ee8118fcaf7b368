// SPDX-License-Identifier: MIT
import { createReadStream } from "node:fs";
import { readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { decodeDeadLetter, encodeDeadLetter } from "./dead-letter-codec";
import { DeadLetterFormatError, DeadLettersMissingError, DeadLettersNoFileError } from "../errors";
import { appendDurably } from "./file-dead-letter-sink";
import { syncFolder } from "../files/sync-folder";
import { withFileLock } from "../files/file-lock";
import type { LetterBox, SettledLetter, TakenLetter, TakenLetters } from "./letter-box";

/**
 * The file of a `FileDeadLetterSink`.
 *
 * What is taken moves to `FILE.redriving`, so that workers can go on parking into `FILE`; what stays goes back at the end.
 * A `FILE.redriving` that a crash left behind is taken the next time.
 */
export class FileLetterBox implements LetterBox {
  readonly #path: string;
  readonly #working: string;
  /** The letters that were taken, by their place; the line as it stands in the file. */
  #lines = new Map<string, string>();

  constructor(path: string) {
    this.#path = path;
    this.#working = `${path}.redriving`;
  }

  /**
   * @throws DeadLettersMissingError if there is no such file.
   * @throws DeadLettersNoFileError for a device, which would be gone for every program of the machine once it was moved aside.
   */
  async take(readOnly: boolean): Promise<TakenLetters> {
    const paths = readOnly ? await this.#existing() : await this.#moveAside();
    this.#lines = new Map();
    const seen = new Set<string>();
    for (const path of paths) {
      for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
        // After a crash the same letter may be there twice.
        if (line === "" || seen.has(line)) continue;
        seen.add(line);
        this.#lines.set(`line ${seen.size}`, line);
      }
    }
    return { letters: [...this.#lines].map(([place, line]) => toTaken(place, line)), complete: true };
  }

  async settle(letters: readonly SettledLetter[]): Promise<void> {
    const rest = new Map(this.#lines);
    for (const { taken, keep } of letters) {
      if (keep === undefined) rest.delete(taken.place);
      else rest.set(taken.place, encodeDeadLetter(keep));
    }
    const lines = [...rest.values()].map((line) => `${line}\n`).join("");
    await withFileLock(this.#path, () => appendDurably(this.#path, lines));
    await rm(this.#working, { force: true });
    await syncFolder(dirname(this.#path));
    this.#lines = new Map();
  }

  async #existing(): Promise<readonly string[]> {
    const paths = [this.#working, this.#path];
    const found = await Promise.all(paths.map(exists));
    if (!found.includes(true)) throw new DeadLettersMissingError(this.#path);
    return paths.filter((_, i) => found[i]);
  }

  /** Moves all letters to the working file, while nobody is writing to the other. */
  async #moveAside(): Promise<readonly string[]> {
    await withFileLock(this.#path, async () => {
      const paths = await this.#existing();
      if (!paths.includes(this.#path)) return;
      if (paths.includes(this.#working)) {
        await appendDurably(this.#working, await readFile(this.#path));
        await rm(this.#path);
      } else await rename(this.#path, this.#working);
      await syncFolder(dirname(this.#path));
    });
    return [this.#working];
  }
}

function toTaken(place: string, line: string): TakenLetter {
  try {
    return { place, letter: decodeDeadLetter(line) };
  } catch (error) {
    if (!(error instanceof DeadLetterFormatError)) throw error;
    return { place, problem: error.message };
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isFile()) return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
  throw new DeadLettersNoFileError(path);
}
