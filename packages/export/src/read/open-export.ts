// SPDX-License-Identifier: MIT
import { type DataObject, listDataObjects } from "./data-object";
import type { SequenceRange } from "./data-object-name";
import { ManifestError, NotContiguousError } from "../export-errors";
import { JournalExport, type JournalExportOptions } from "./journal-export";
import { type BucketOptions, createBucketPlace } from "../s3/bucket-place";
import { BUCKET_SCHEME } from "../s3/bucket-url";
import { FOLDER_PLACE } from "./folder-place";
import { type ManifestSource, readManifestsAt } from "./manifest-source";

/** A manifest with the blocks that the names of its data objects promise; no range: it lists no objects. */
interface OpenedManifest {
  readonly source: ManifestSource;
  readonly objects: readonly DataObject[];
  readonly range: SequenceRange | undefined;
}

/** How an export is opened. */
export interface OpenExportOptions extends JournalExportOptions, BucketOptions {}

/**
 * Opens the export, or the consecutive exports of one ledger, whose completed manifests lie at `manifestPaths`.
 *
 * A path is a manifest, or a folder with one or several in it, or either as a URL `s3://BUCKET/KEY`. Their order does not matter. Only manifests are read. Together they
 * MUST hold an unbroken run of blocks of one strand, judged by the names of their data objects: a gap or an overlap
 * between two of them throws `NotContiguousError`, which names both. Also throws `ManifestError`, and
 * `ObjectUnreadableError` where a bucket cannot be read.
 */
export async function openExport(
  manifestPaths: readonly string[],
  options: OpenExportOptions = {},
): Promise<JournalExport> {
  const sources: ManifestSource[] = [];
  for (const path of manifestPaths) {
    const place = path.startsWith(BUCKET_SCHEME) ? await createBucketPlace(options) : FOLDER_PLACE;
    sources.push(...(await readManifestsAt(path, place)));
  }
  return openManifests(withoutCopies(sources), options);
}

/**
 * Leaves out manifests that are named twice, as with a folder and the manifest in it, and copies beside the original, such as a
 * browser's `… (1).completed.manifest`: both list the same objects, which are verified once.
 */
function withoutCopies(sources: readonly ManifestSource[]): readonly ManifestSource[] {
  const originals = new Map<string, ManifestSource>();
  for (const source of sources) {
    const { location, files, exportId } = source.manifest;
    const folder = location.slice(0, Math.max(location.lastIndexOf("/"), location.lastIndexOf("\\")) + 1);
    const key = JSON.stringify([folder, exportId, files?.[0]?.sha256 ?? location]);
    const known = originals.get(key);
    // The name of a copy is longer.
    if (known === undefined || location.length < known.manifest.location.length) originals.set(key, source);
  }
  return [...originals.values()];
}

/** Opens an export from manifests that were read from any storage; else like {@link openExport}. */
export function openManifests(
  sources: readonly ManifestSource[],
  options: JournalExportOptions = {},
): JournalExport {
  const [first] = sources;
  if (!first) throw new ManifestError("", "Expected at least one completed manifest, found none: name one.");
  const opened = sources.map(openManifest).sort((a, b) => (a.range?.first ?? -1) - (b.range?.first ?? -1));
  checkSameLedger(opened);
  checkContiguous(opened);
  return new JournalExport(
    opened.map(({ source }) => source.manifest),
    opened.flatMap(({ objects }) => objects),
    options,
  );
}

function openManifest(source: ManifestSource): OpenedManifest {
  const objects = listDataObjects(source);
  const names = objects.flatMap(({ name }) => name ?? []);
  const range = names.reduce<SequenceRange | undefined>(
    (all, { first, last }) => ({
      first: Math.min(all?.first ?? first, first),
      last: Math.max(all?.last ?? last, last),
    }),
    undefined,
  );
  return { source, objects, range };
}

function checkSameLedger(opened: readonly OpenedManifest[]): void {
  for (const [what, valueOf] of [
    ["strand", (manifest: ManifestSource["manifest"]) => manifest.strandId],
    ["ledger", (manifest: ManifestSource["manifest"]) => manifest.started?.ledgerName],
  ] as const) {
    const known = opened
      .map(({ source }) => source.manifest)
      .filter((manifest) => valueOf(manifest) !== undefined);
    const [first] = known;
    const other = known.find((manifest) => first && valueOf(manifest) !== valueOf(first));
    if (!first || !other) continue;
    throw new NotContiguousError(
      `Expected manifests of one ${what}, found ${valueOf(first) ?? ""} in ${first.location} and ` +
        `${valueOf(other) ?? ""} in ${other.location}. Open each ledger's exports on their own.${listAll(opened)}`,
    );
  }
}

function checkContiguous(opened: readonly OpenedManifest[]): void {
  let previous: OpenedManifest | undefined;
  for (const current of opened) {
    if (previous?.range && current.range && current.range.first !== previous.range.last + 1) {
      const problem = current.range.first > previous.range.last ? "a gap" : "an overlap";
      throw new NotContiguousError(
        `Expected exports whose blocks follow one another, found ${problem} between ${describe(previous)} and ` +
          `${describe(current)}. Name manifests that cover the journal without gaps and without overlaps.${listAll(opened)}`,
      );
    }
    if (current.range) previous = current;
  }
}

/** All manifests in lines of their own, to choose from: those of one folder may be of many exports. */
function listAll(opened: readonly OpenedManifest[]): string {
  return opened.length < 3 ? "" : `\nFound:${opened.map((each) => `\n  ${describe(each)}`).join("")}`;
}

function describe({ source: { manifest }, range }: OpenedManifest): string {
  const { ledgerName, inclusiveStartTime, exclusiveEndTime } = manifest.started ?? {};
  const facts = [
    ledgerName === undefined ? undefined : `ledger ${ledgerName}`,
    range === undefined ? "no blocks" : `blocks ${range.first} to ${range.last}`,
    inclusiveStartTime === undefined ? undefined : `${inclusiveStartTime} to ${exclusiveEndTime ?? "?"}`,
  ];
  return `${manifest.location} (${facts.filter((fact) => fact !== undefined).join(", ")})`;
}
