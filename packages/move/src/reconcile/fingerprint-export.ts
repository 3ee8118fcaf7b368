// SPDX-License-Identifier: MIT
import type { EventTransform, RevisionEvent } from "@ledger-loader/core";
import type { ExportedBlock } from "@ledger-loader/export";
import { hashIon, hashIonValue } from "@ledger-loader/ion";
import { readBlockRevisions, type BlockRevision } from "../block-revisions";
import { toEvent } from "../export-events";
import { subjectOf } from "../tally";
import { dataContent, DELETED, redactedContent, type ExportedFingerprint } from "./compare-record";

/** A revision of the export, reduced to what comparing needs. */
export interface ExportedRecord extends ExportedFingerprint {
  readonly table: string;
  /** The document's id in the export, masked where the replay masked it. */
  readonly id: string;
  /** Whether the document has the field in which the loader keeps ids. */
  readonly hasIdField: boolean;
}

/** How revisions are reduced. */
export interface FingerprintOptions {
  /** The field in which the loader keeps the ids of a table's documents; `undefined` where there is none. */
  readonly idFieldOf: (table: string) => string | undefined;
  /** What the replay made of events before it wrote them. Default: nothing. */
  readonly transform?: EventTransform | undefined;
}

/** Stands for the table where a block names none; no ledger has a table of this name. */
const UNKNOWN_TABLE = "(table unknown)";

/** Reduces a block's revisions; their content is hashed anew, whatever hash the export gives. */
export function fingerprintExport(
  block: ExportedBlock,
  options: FingerprintOptions,
): {
  readonly records: readonly ExportedRecord[];
  readonly systemRevisions: number;
} {
  const { revisions, systemRevisions } = readBlockRevisions(block);
  const { sequenceNo } = block.blockAddress;
  const records = revisions.map((revision) => ({ ...toRecord(revision, options), sequenceNo }));
  return { records, systemRevisions };
}

function toRecord(
  revision: BlockRevision,
  { idFieldOf, transform }: FingerprintOptions,
): Omit<ExportedRecord, "sequenceNo"> {
  const { table = UNKNOWN_TABLE, id, version, dataHash } = revision;
  const idField = idFieldOf(table);
  const place = { table, id, version };
  const changed = transform && transformed(revision, transform);
  if (changed !== undefined) {
    const { data } = changed;
    const content = data === undefined ? withoutData(dataHash) : dataContent(hashIonValue(data));
    const hasIdField = idField !== undefined && data !== undefined && data.get(idField) !== null;
    return { ...place, id: subjectOf(changed).id ?? id, content, hasIdField };
  }
  return { ...place, content: contentOf(revision), hasIdField: hasField(revision, idField) };
}

/** What the replay wrote; `undefined` for what it rejected, which cannot be in the ledger. */
function transformed(revision: BlockRevision, transform: EventTransform): RevisionEvent | undefined {
  const { event } = toEvent(revision);
  if (event === undefined) return undefined;
  try {
    return transform(event);
  } catch {
    // The replay has named the reason.
    return undefined;
  }
}

function hasField({ data }: BlockRevision, name: string | undefined): boolean {
  if (name === undefined || data?.type !== "struct" || data.isNull) return false;
  return data.field(name) !== undefined;
}

function contentOf({ data, dataHash }: BlockRevision): string {
  return data === undefined ? withoutData(dataHash) : dataContent(hashIon(data));
}

function withoutData(dataHash: BlockRevision["dataHash"]): string {
  return dataHash === undefined ? DELETED : redactedContent(dataHash);
}
