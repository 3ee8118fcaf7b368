// SPDX-License-Identifier: MIT
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ManifestError } from "../export-errors";
import { isCompletedManifestName } from "./export-manifest";
import { FolderStorage, isNotFound } from "./folder-storage";
import type { ManifestPlace } from "./manifest-place";

/**
 * How many folders below the one that was named a manifest is looked for.
 *
 * A copy of a whole bucket holds the manifest below the prefix of the export, and prefixes are rarely deeper.
 */
const MANIFEST_DEPTH_MAX = 4;

/** Folders of installed packages: never part of an export, and large. */
const PACKAGES = "node_modules";

/**
 * The folders of this machine's disks.
 *
 * A folder means the completed manifests in it or, if there is none, those in the folders below it, down to
 * {@link MANIFEST_DEPTH_MAX} of them. Hidden folders (their name begins with a dot) and `node_modules` are left out unless
 * the path itself names one.
 */
export const FOLDER_PLACE: ManifestPlace = {
  find: findManifests,
  read: async (location) => {
    try {
      return await readFile(location);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  },
  storageOf: (location) => new FolderStorage(dirname(location)),
};

async function findManifests(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new ManifestError(
      path,
      `Expected a completed manifest or a folder at ${path}, found nothing there.`,
    );
  }
  const direct = await listManifests(path, 0);
  const found = direct.length > 0 ? direct : await listManifests(path, MANIFEST_DEPTH_MAX);
  if (found.length > 0) return found;
  throw new ManifestError(
    path,
    `Expected a file *.completed.manifest in ${path}, found none there and none up to ${MANIFEST_DEPTH_MAX} folders below ` +
      "(hidden folders are left out). Name the manifest itself.",
  );
}

/** Paths of the manifests in a folder and in the folders down to `depth` below it. */
async function listManifests(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries
    .filter((entry) => entry.isFile() && isCompletedManifestName(entry.name))
    .map((entry) => join(folder, entry.name));
  if (depth > 0) {
    for (const entry of entries.filter((each) => each.isDirectory() && mayHoldExport(each.name))) {
      found.push(...(await listManifests(join(folder, entry.name), depth - 1)));
    }
  }
  return found.sort();
}

function mayHoldExport(folderName: string): boolean {
  return !folderName.startsWith(".") && folderName !== PACKAGES;
}
