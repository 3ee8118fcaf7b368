// SPDX-License-Identifier: MIT
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ManifestError } from "./export-errors";
import {
  type ExportManifest,
  isCompletedManifestName,
  parseCompletedManifest,
  parseManifestName,
  parseStartedManifest,
} from "./export-manifest";
import type { ExportStorage } from "./export-storage";
import { FolderStorage, isNotFound } from "./folder-storage";

/** One export to open: its manifest, and where its data objects are. */
export interface ManifestSource {
  readonly manifest: ExportManifest;
  readonly storage: ExportStorage;
}

/**
 * Reads the completed manifest at `path`, and its started manifest if that lies beside it.
 *
 * A folder means the one completed manifest in it, or, if there is none, the one in the folders below it (a copy of
 * a whole bucket holds it below the prefix). Throws `ManifestError`.
 */
export async function readManifestAt(path: string): Promise<ManifestSource> {
  const location = await findManifest(path);
  const folder = dirname(location);
  const keys = parseCompletedManifest(await readFile(location), location);
  const name = parseManifestName(basename(location));
  const started = name && (await readStarted(join(folder, name.startedName)));
  return {
    manifest: { location, keys, strandId: name?.strandId, started },
    storage: new FolderStorage(folder),
  };
}

async function readStarted(location: string): Promise<ExportManifest["started"]> {
  try {
    return parseStartedManifest(await readFile(location), location);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function findManifest(path: string): Promise<string> {
  try {
    if (!(await stat(path)).isDirectory()) return path;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new ManifestError(
      path,
      `Expected a completed manifest or a folder at ${path}, found nothing there.`,
    );
  }
  const direct = await listManifests(path, false);
  const found = direct.length > 0 ? direct : await listManifests(path, true);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const what = only === undefined ? "none" : `${found.length}: ${found.join(", ")}`;
  throw new ManifestError(
    path,
    `Expected one file *.completed.manifest in ${path}, found ${what}. Name the manifest itself.`,
  );
}

async function listManifests(folder: string, recursive: boolean): Promise<string[]> {
  const entries = await readdir(folder, { recursive, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && isCompletedManifestName(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
