// SPDX-License-Identifier: MIT
import { alignHistories, type Alignment, type Fingerprint } from "./align-histories";
import type { Difference } from "./reconcile-report";

/** A revision of the export, reduced to what comparing needs. */
export interface ExportedFingerprint {
  readonly version: number;
  readonly sequenceNo: number;
  readonly content: string;
}

/** A revision of the ledger, reduced to what comparing needs. */
export interface LedgerFingerprint {
  readonly documentId: string;
  readonly version: number;
  readonly sequenceNo: number;
  readonly content: string;
  /** The content without the field that the loader added. */
  readonly alternative?: string;
}

/** One record on both sides. */
export interface RecordPair {
  readonly table: string;
  /** The document's id in the export. */
  readonly id: string;
  /** In the journal's order. */
  readonly exported: readonly ExportedFingerprint[];
  /** Of all documents that carry the id; in any order. */
  readonly ledger: readonly LedgerFingerprint[];
}

/** The differences of one record, and how many of its revisions are equal. */
export interface RecordComparison {
  readonly equal: number;
  readonly differences: readonly Difference[];
}

/** The content of a deletion. */
export const DELETED = "deleted";

/** The content of a document: its Ion hash. */
export function dataContent(hash: Uint8Array): string {
  return `data:${Buffer.from(hash).toString("base64")}`;
}

/** The content of a redacted revision: the Ion hash of what was there. */
export function redactedContent(hash: Uint8Array): string {
  return `redacted:${Buffer.from(hash).toString("base64")}`;
}

/** The content of a revision that was redacted in the ledger itself, after it was loaded. */
export function redactedHereContent(hash: Uint8Array): string {
  return `redacted-here:${Buffer.from(hash).toString("base64")}`;
}

/** Compares one record's revisions; pure. */
export function compareRecord(pair: RecordPair): RecordComparison {
  const { table, id, exported, ledger } = pair;
  if (ledger.length === 0) {
    const detail = `the ledger has no document for it; the export has ${revisions(exported.length)}`;
    return whole({ kind: "missing-document", table, id, revisions: exported.length, detail });
  }
  if (exported.length === 0) {
    const documentId = ledger[0]?.documentId ?? "";
    const detail = `the export has no document of this id; the ledger has ${revisions(ledger.length)}`;
    return whole({
      kind: "extra-document",
      table,
      id,
      ledger: { documentId },
      revisions: ledger.length,
      detail,
    });
  }
  const target = placeLedger(ledger);
  const alignments = alignHistories(placeExported(exported, target), target);
  const differences = alignments.flatMap((alignment) => describe(pair, alignment) ?? []);
  return { equal: alignments.length - differences.length, differences };
}

type Placed<T> = T & Fingerprint;

/** In the order of commits. A record that was inserted anew is a new document there, whose versions begin at 0 again. */
function placeLedger(ledger: readonly LedgerFingerprint[]): Placed<LedgerFingerprint>[] {
  const sorted = [...ledger].sort((a, b) => a.sequenceNo - b.sequenceNo || a.version - b.version);
  const offsets = new Map<string, number>();
  let next = 0;
  return sorted.map((revision) => {
    const offset = offsets.get(revision.documentId) ?? next;
    offsets.set(revision.documentId, offset);
    next = Math.max(next, offset + revision.version + 1);
    return { ...revision, ordinal: offset + revision.version };
  });
}

/** An export that begins in the middle of a history is version 0 in the ledger, so versions may be shifted. */
function placeExported(
  exported: readonly ExportedFingerprint[],
  target: readonly Placed<LedgerFingerprint>[],
): Placed<ExportedFingerprint>[] {
  const place = (shift: number): Placed<ExportedFingerprint>[] =>
    exported.map((revision) => ({ ...revision, ordinal: revision.version - shift }));
  const first = exported[0]?.version ?? 0;
  const asTheyAre = place(0);
  if (first === 0) return asTheyAre;
  const shifted = place(first);
  return countInPlace(shifted, target) > countInPlace(asTheyAre, target) ? shifted : asTheyAre;
}

function countInPlace(source: readonly Fingerprint[], target: readonly Fingerprint[]): number {
  const byOrdinal = new Map(target.map((revision) => [revision.ordinal, revision]));
  return source.filter(({ ordinal, content }) => {
    const other = byOrdinal.get(ordinal);
    return other !== undefined && (content === other.content || content === other.alternative);
  }).length;
}

function describe(
  { table, id }: RecordPair,
  alignment: Alignment<Placed<ExportedFingerprint>, Placed<LedgerFingerprint>>,
): Difference | undefined {
  switch (alignment.kind) {
    case "same":
      return undefined;
    case "missing":
      return {
        kind: "missing-revision",
        table,
        id,
        exported: placeOf(alignment.source),
        detail: `version ${alignment.source.version} of the export is not in the ledger`,
      };
    case "extra":
      return {
        kind: "extra-revision",
        table,
        id,
        ledger: ledgerPlaceOf(alignment.target),
        detail: `the ledger has a revision (version ${alignment.target.version} there) that the export does not have`,
      };
    case "altered":
    case "moved":
      return {
        kind: alignment.kind === "altered" ? "altered-revision" : "moved-revision",
        table,
        id,
        exported: placeOf(alignment.source),
        ledger: ledgerPlaceOf(alignment.target),
        detail: alignment.kind === "altered" ? alteration(alignment) : movement(alignment),
      };
  }
}

interface Both {
  readonly source: ExportedFingerprint;
  readonly target: LedgerFingerprint;
}

function alteration({ source, target }: Both): string {
  const [there, here] = [kindOf(source.content), kindOf(target.content)];
  const what = there === here ? "other content" : `${here} there, ${there} in the export`;
  return `version ${source.version} of the export is version ${target.version} in the ledger, with ${what}`;
}

function movement({ source, target }: Both): string {
  return `version ${source.version} of the export stands at version ${target.version} in the ledger: another order`;
}

function kindOf(content: string): string {
  if (content === DELETED) return "a deletion";
  if (content.startsWith("redacted-here:")) return "redacted after it was loaded";
  return content.startsWith("redacted:") ? "a redacted document" : "a document";
}

function placeOf({ version, sequenceNo }: ExportedFingerprint): NonNullable<Difference["exported"]> {
  return { version, sequenceNo };
}

function ledgerPlaceOf({
  documentId,
  version,
  sequenceNo,
}: LedgerFingerprint): NonNullable<Difference["ledger"]> {
  return { documentId, version, sequenceNo };
}

function whole(difference: Difference): RecordComparison {
  return { equal: 0, differences: [difference] };
}

function revisions(n: number): string {
  return n === 1 ? "1 revision of it" : `${n} revisions of it`;
}
