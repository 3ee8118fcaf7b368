// SPDX-License-Identifier: MIT
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/** What was changed in a copy of an export. */
export interface Tampering {
  /** The data object. */
  readonly file: string;
  /** Where in it, from 0. */
  readonly offset: number;
  /** The text there, before and after. */
  readonly before: string;
  readonly after: string;
}

/** A revision's content in Ion text, from its name to the first letter of its first text. */
const FIRST_TEXT_OF_DATA = /data:\{[^}]*?:"(?=[a-zA-Z])/;
const SHOWN = 24;

/**
 * Copies an export in Ion text and changes one byte of the copy: a letter in a document in the middle of the journal.
 *
 * The file stays sound Ion, so nothing but a hash can tell.
 */
export async function tamperWithCopy(exportFolder: string, copyFolder: string): Promise<Tampering> {
  await cp(exportFolder, copyFolder, { recursive: true });
  const file = await findDataObject(copyFolder);
  const bytes = await readFile(file);
  // One character per byte, so that places in the text are places in the file.
  const text = bytes.toString("latin1");
  const half = Math.floor(text.length / 2);
  const found = FIRST_TEXT_OF_DATA.exec(text.slice(half));
  if (found === null) throw new Error(`Expected a revision with a text in the second half of ${file}.`);
  const offset = half + found.index + found[0].length;
  const shown = (): string =>
    bytes
      .subarray(offset, offset + SHOWN)
      .toString("latin1")
      .replace(/".*/s, "");
  const before = shown();
  // The case of the letter.
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 0x20, offset);
  await writeFile(file, bytes);
  return { file, offset, before, after: shown() };
}

async function findDataObject(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const object = entries.find((entry) => entry.isFile() && entry.name.endsWith(".ion"));
  if (object === undefined) throw new Error(`Expected a data object *.ion in ${folder}, found none.`);
  return path.join(object.parentPath, object.name);
}
