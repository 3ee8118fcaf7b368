// SPDX-License-Identifier: MIT
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { ExportStorage, LocatedObject, MissingObject } from "./export-storage";

/** Larger pieces mean fewer turns of the event loop; beyond this nothing is gained. */
const READ_BYTES = 256 * 1024;

/** The ending that `gzip` adds to the name of a file that it compresses. */
export const GZIP_SUFFIX = ".gz";

/**
 * An export copied to a folder.
 *
 * Manifests list full keys (`exports/2020/06/01/10/strand.0-99.ion`), but copies differ in how much of the prefix they
 * keep: `aws s3 sync s3://bucket DIR` keeps all of it, `aws s3 sync s3://bucket/exports/ DIR` none. A manifest
 * and its data objects always lose the same leading part, so a key is looked for below the manifest's
 * folder: first the full key, then without its first path element, without its first two, and so on.
 */
export class FolderStorage implements ExportStorage {
  readonly #folder: string;
  /** How many leading path elements the last object found had lost: nearly always right for the next. */
  #stripped = 0;

  /** @param folder the folder that holds the completed manifest. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async locate(key: string): Promise<LocatedObject | MissingObject> {
    const parts = key.split("/").filter((part) => part !== "");
    // A manifest is input: it must not lead us out of the folder.
    if (parts.some((part) => part === ".." || part.includes("\0"))) {
      return { found: false, tried: ["nothing (a key with .. is not followed)"] };
    }
    const depths = parts.map((_, depth) => depth);
    const tried: string[] = [];
    for (const depth of [this.#stripped, ...depths.filter((each) => each !== this.#stripped)]) {
      if (depth >= parts.length) continue;
      const path = join(this.#folder, ...parts.slice(depth));
      const found = (await findFile(path)) ?? (await findFile(path + GZIP_SUFFIX));
      if (found !== undefined) {
        this.#stripped = depth;
        return found;
      }
      tried.push(path);
    }
    return { found: false, tried };
  }
}

async function findFile(path: string): Promise<LocatedObject | undefined> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return undefined;
    const read = (): AsyncIterable<Uint8Array> => createReadStream(path, { highWaterMark: READ_BYTES });
    return { found: true, location: path, size: found.size, read };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** True if a file operation failed because there is no such file. */
export function isNotFound(error: unknown): boolean {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR";
}
