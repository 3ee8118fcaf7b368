// SPDX-License-Identifier: MIT
import type { RevisionEvent } from "@ledger-loader/core";
import type { ExportedBlock } from "@ledger-loader/export";
import { hashIon, hashIonValue } from "@ledger-loader/ion";
import { readBlockRevisions, type BlockRevision } from "../block-revisions";
import { idText } from "../id-text";
import { changesEvents, type ReplayChanges, writtenEvents } from "../written-events";
import { dataContent, DELETED, redactedContent, type ExportedFingerprint } from "./compare-record";
import { IdMissingError } from "./id-missing-error";

/** A revision of the export, reduced to what comparing needs. */
export interface ExportedRecord extends ExportedFingerprint {
  /** The table that it was written to. */
  readonly table: string;
  /** The id that it was written with: the document's id in the export, unless mapping or masking changed it. */
  readonly id: string;
  /** True if the document has the field in which the loader keeps ids. */
  readonly hasIdField: boolean;
  /** True where the mapping left out the version: the loader takes content that is there already for a redelivery. */
  readonly isUnordered?: true;
}

/** How revisions are reduced. */
export interface FingerprintOptions extends ReplayChanges {
  /** The field in which the loader keeps the ids of a table's documents; `undefined` where there is none. */
  readonly idFieldOf: (table: string) => string | undefined;
}

/** Stands for the table where a block names none; no ledger has a table of this name. */
const UNKNOWN_TABLE = "(table unknown)";

/**
 * Reduces a block's revisions; their content is hashed again, whatever hash the export gives.
 *
 * @param isRead - decides about the tables of the export
 * @throws IdMissingError if the mapping gives an event no id.
 */
export function fingerprintExport(
  block: ExportedBlock,
  options: FingerprintOptions,
  isRead: (table: string) => boolean,
): {
  readonly records: readonly ExportedRecord[];
  readonly systemRevisions: number;
} {
  const { revisions, systemRevisions } = readBlockRevisions(block);
  const { sequenceNo } = block.blockAddress;
  const records = revisions
    .filter(({ table = UNKNOWN_TABLE }) => isRead(table))
    .flatMap((revision) => toRecords(revision, options, sequenceNo));
  return { records, systemRevisions };
}

function toRecords(
  revision: BlockRevision,
  options: FingerprintOptions,
  sequenceNo: number,
): readonly ExportedRecord[] {
  const { idFieldOf } = options;
  if (!changesEvents(options)) return [ofRevision(revision, idFieldOf, sequenceNo)];
  return writtenEvents(revision, options).map((event) =>
    // What the replay rejected cannot be in the ledger.
    event === undefined
      ? ofRevision(revision, idFieldOf, sequenceNo)
      : ofEvent(event, revision, idFieldOf, sequenceNo),
  );
}

function ofRevision(
  revision: BlockRevision,
  idFieldOf: FingerprintOptions["idFieldOf"],
  sequenceNo: number,
): ExportedRecord {
  const { table = UNKNOWN_TABLE, id, version, data, dataHash } = revision;
  const content = data === undefined ? withoutData(dataHash) : dataContent(hashIon(data));
  return { table, id, version, sequenceNo, content, hasIdField: hasField(revision, idFieldOf(table)) };
}

function ofEvent(
  { table, id, version, position, data, dataHash }: RevisionEvent,
  revision: BlockRevision,
  idFieldOf: FingerprintOptions["idFieldOf"],
  sequenceNo: number,
): ExportedRecord {
  if (id === undefined) throw new IdMissingError(table, sequenceNo);
  const idField = idFieldOf(table);
  return {
    table,
    id: idText(id),
    version: version ?? revision.version,
    sequenceNo,
    content: data === undefined ? withoutData(dataHash) : dataContent(hashIonValue(data)),
    hasIdField: idField !== undefined && data !== undefined && data.get(idField) !== null,
    ...(version === undefined && position === undefined ? { isUnordered: true } : {}),
  };
}

function hasField({ data }: BlockRevision, name: string | undefined): boolean {
  if (name === undefined || data?.type !== "struct" || data.isNull) return false;
  return data.field(name) !== undefined;
}

function withoutData(dataHash: Uint8Array | undefined): string {
  return dataHash === undefined ? DELETED : redactedContent(dataHash);
}
