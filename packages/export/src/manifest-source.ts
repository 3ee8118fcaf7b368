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
 * How many folders below the one that was named a manifest is looked for.
 *
 * A copy of a whole bucket holds the manifest below the prefix of the export, and prefixes are rarely deeper.
 */
export const MANIFEST_DEPTH_MAX = 4;

/** Folders of installed packages: never part of an export, and large. */
const PACKAGES = "node_modules";

/**
 * Reads the completed manifest at `path`, and its started manifest if that lies beside it.
 *
 * A folder means the one completed manifest in it, or, if there is none, the one in the folders below it, down to
 * {@link MANIFEST_DEPTH_MAX} of them. Hidden folders (their name begins with a dot) and `node_modules` are left out
 * unless `path` itself names one. Throws `ManifestError`.
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
  const direct = await listManifests(path, 0);
  const found = direct.length > 0 ? direct : await listManifests(path, MANIFEST_DEPTH_MAX);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const what =
    only === undefined
      ? `none there and none up to ${MANIFEST_DEPTH_MAX} folders below (hidden folders are left out)`
      : `${found.length}: ${found.join(", ")}`;
  throw new ManifestError(
    path,
    `Expected one file *.completed.manifest in ${path}, found ${what}. Name the manifest itself.`,
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
