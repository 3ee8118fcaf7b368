// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { MalformedContentError, ManifestError } from "../export-errors";
import {
  type ExportManifest,
  type StartedManifest,
  parseCompletedManifest,
  parseManifestName,
  parseStartedManifest,
} from "./export-manifest";
import type { ExportStorage } from "./export-storage";
import { GZIP_SUFFIX } from "./folder-storage";
import { inflateIfGzipped } from "./inflate";
import type { ManifestPlace } from "./manifest-place";
import type { FileHash } from "./object-content";

/** One export to open: its manifest, and where its data objects are. */
export interface ManifestSource {
  readonly manifest: ExportManifest;
  readonly storage: ExportStorage;
}

/**
 * Reads the completed manifests at a path or URL, each with its started manifest if that lies beside it.
 *
 * @throws ManifestError
 */
export async function readManifestsAt(path: string, place: ManifestPlace): Promise<ManifestSource[]> {
  const sources: ManifestSource[] = [];
  for (const location of await place.find(path)) sources.push(await readManifest(location, place));
  return sources;
}

async function readManifest(location: string, place: ManifestPlace): Promise<ManifestSource> {
  const completed = await readWhole(location, place);
  if (completed === undefined) {
    throw new ManifestError(location, `Expected a completed manifest at ${location}, found nothing there.`);
  }
  const keys = parseCompletedManifest(completed.content, location);
  const [folder, fileName] = splitLocation(location);
  const name = parseManifestName(fileName);
  const started = name && (await readStarted(folder + name.startedName, place));
  return {
    manifest: {
      location,
      keys,
      strandId: name?.strandId,
      started: started?.manifest,
      exportId: started?.manifest.exportId ?? name?.exportId,
      files: [completed.file, ...(started === undefined ? [] : [started.file])],
    },
    storage: place.storageOf(location, keys),
  };
}

/** The last part of a path or URL, and what stands before it with the separator. */
function splitLocation(location: string): [folder: string, fileName: string] {
  const end = Math.max(location.lastIndexOf("/"), location.lastIndexOf("\\")) + 1;
  return [location.slice(0, end), location.slice(end)];
}

async function readStarted(
  path: string,
  place: ManifestPlace,
): Promise<{ manifest: StartedManifest; file: FileHash } | undefined> {
  for (const location of [path, path + GZIP_SUFFIX]) {
    const found = await readWhole(location, place);
    if (found) return { manifest: parseStartedManifest(found.content, location), file: found.file };
  }
  return undefined;
}

/** Reads a manifest, inflated if it is gzipped. */
async function readWhole(
  location: string,
  place: ManifestPlace,
): Promise<{ content: Uint8Array; file: FileHash } | undefined> {
  const stored = await place.read(location);
  if (stored === undefined) return undefined;
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of inflateIfGzipped(Readable.from([stored]), location)) pieces.push(piece);
  } catch (cause) {
    if (!(cause instanceof MalformedContentError)) throw cause;
    throw new ManifestError(
      location,
      `Expected a manifest at ${location}, found damaged gzip: copy it again.`,
      { cause },
    );
  }
  const sha256 = createHash("sha256").update(stored).digest("hex");
  return { content: withoutMark(Buffer.concat(pieces)), file: { location, sha256, bytes: stored.length } };
}

/** An editor that saves UTF-8 may write a byte order mark before the text. */
function withoutMark(content: Uint8Array): Uint8Array {
  const [a, b, c] = content;
  return a === 0xef && b === 0xbb && c === 0xbf ? content.subarray(3) : content;
}
