// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { MalformedContentError, ManifestError } from "../export-errors";
import {
  type ExportManifest,
  type StartedManifest,
  isCompletedManifestName,
  parseCompletedManifest,
  parseManifestName,
  parseStartedManifest,
} from "./export-manifest";
import type { ExportStorage } from "./export-storage";
import { FolderStorage, GZIP_SUFFIX, isNotFound } from "./folder-storage";
import { inflateIfGzipped } from "./inflate";
import type { FileHash } from "./object-content";

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
const MANIFEST_DEPTH_MAX = 4;

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
  const completed = await readWhole(location);
  const keys = parseCompletedManifest(completed.content, location);
  const name = parseManifestName(basename(location));
  const started = name && (await readStarted(join(folder, name.startedName)));
  return {
    manifest: {
      location,
      keys,
      strandId: name?.strandId,
      started: started?.manifest,
      exportId: started?.manifest.exportId ?? name?.exportId,
      files: [completed.file, ...(started === undefined ? [] : [started.file])],
    },
    storage: new FolderStorage(folder),
  };
}

async function readStarted(path: string): Promise<{ manifest: StartedManifest; file: FileHash } | undefined> {
  for (const location of [path, path + GZIP_SUFFIX]) {
    try {
      const { content, file } = await readWhole(location);
      return { manifest: parseStartedManifest(content, location), file };
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return undefined;
}

/** Reads a manifest, inflated if it is gzipped. Manifests are small: one line per data object. */
async function readWhole(location: string): Promise<{ content: Uint8Array; file: FileHash }> {
  const stored = await readFile(location);
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of inflateIfGzipped(Readable.from([stored]), location)) pieces.push(piece);
  } catch (cause) {
    if (!(cause instanceof MalformedContentError)) throw cause;
    throw new ManifestError(
      location,
      `Expected a manifest at ${location}, found damaged gzip: copy it again.`,
      {
        cause,
      },
    );
  }
  const sha256 = createHash("sha256").update(stored).digest("hex");
  return { content: Buffer.concat(pieces), file: { location, sha256, bytes: stored.length } };
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
