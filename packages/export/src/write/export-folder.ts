// SPDX-License-Identifier: MIT
import { mkdir, open, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { ExportWriteError } from "../export-errors";
import { isNotFound } from "../read/folder-storage";
import type { ExportTarget, PartialFile } from "./export-target";

const BUFFER_BYTES = 256 * 1024;
const PARTIAL = ".partial";

/**
 * Writes files that appear under their name only when their content is complete and synced to disk.
 *
 * Keys are paths below the folder, with `/`. Nothing is ever overwritten.
 */
export class ExportFolder implements ExportTarget {
  readonly #folder: string;
  /** The written files, which can be taken back. */
  readonly #written: string[] = [];
  /** Folders that hold a folder which was created. */
  readonly #parents = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  locationOf(key: string): string {
    return join(this.#folder, ...key.split("/"));
  }

  async begin(folderKey: string, label: string): Promise<FileOnDisk> {
    const path = this.locationOf(`${folderKey}${label}${PARTIAL}`);
    const created = await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    if (created !== undefined) this.#parents.add(dirname(created));
    // A partial file of that name is left from a writer that was killed: it was never part of an export.
    const handle = await open(path, "w", 0o600);
    return new FileOnDisk(path, handle);
  }

  /** Syncs a file's content, then gives it its name. */
  async finish(file: PartialFile, key: string): Promise<void> {
    if (!(file instanceof FileOnDisk)) throw new Error("Expected a file of this folder, found another.");
    const path = this.locationOf(key);
    await file.sync();
    if (await exists(path)) {
      await file.discard();
      throw new ExportWriteError(
        `Expected no file at ${path}, found one: nothing is overwritten. Choose another folder or prefix, or remove it.`,
      );
    }
    await rename(file.path, path);
    this.#written.push(path);
  }

  /** Makes the names of the files that were finished as durable as their content. */
  async sync(): Promise<void> {
    const folders = new Set(this.#parents);
    for (const path of this.#written) {
      let folder = dirname(path);
      while (relative(this.#folder, folder) !== "") {
        folders.add(folder);
        folder = dirname(folder);
      }
      folders.add(folder);
    }
    for (const folder of folders) await syncFolder(folder);
  }

  async takeBack(): Promise<void> {
    for (const path of this.#written.splice(0)) await rm(path, { force: true });
  }
}

class FileOnDisk implements PartialFile {
  readonly path: string;
  size = 0;
  readonly #handle: FileHandle;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;

  constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.size += bytes.length;
    if (this.#pendingBytes >= BUFFER_BYTES) await this.#flush();
  }

  /** Writes out and syncs everything, and closes the file. */
  async sync(): Promise<void> {
    try {
      await this.#flush();
      await this.#handle.sync();
    } finally {
      await this.#handle.close();
    }
  }

  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(this.path, { force: true });
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    await this.#handle.appendFile(bytes);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
