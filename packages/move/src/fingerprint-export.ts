// SPDX-License-Identifier: MIT
import type { ExportedBlock } from "@ledger-loader/export";
import { hashIon } from "@ledger-loader/ion";
import { readBlockRevisions, type BlockRevision } from "./block-revisions";
import { dataContent, DELETED, redactedContent, type ExportedFingerprint } from "./compare-record";

/** A revision of the export, reduced to what comparing needs. */
export interface ExportedRecord extends ExportedFingerprint {
  readonly table: string;
  /** The document's id in the export. */
  readonly id: string;
  /** Whether the document has the field in which the loader keeps ids. */
  readonly hasIdField: boolean;
}

/** Stands for the table where a block names none; no ledger has a table of this name. */
const UNKNOWN_TABLE = "(table unknown)";

/** Reduces a block's revisions; their content is hashed anew, whatever hash the export gives. */
export function fingerprintExport(
  block: ExportedBlock,
  idFieldOf: (table: string) => string | undefined,
): {
  readonly records: readonly ExportedRecord[];
  readonly systemRevisions: number;
} {
  const { revisions, systemRevisions } = readBlockRevisions(block);
  const { sequenceNo } = block.blockAddress;
  const records = revisions.map((revision) => {
    const { table = UNKNOWN_TABLE, id, version } = revision;
    const hasIdField = hasField(revision, idFieldOf(table));
    return { table, id, version, sequenceNo, content: contentOf(revision), hasIdField };
  });
  return { records, systemRevisions };
}

function hasField({ data }: BlockRevision, name: string | undefined): boolean {
  if (name === undefined || data?.type !== "struct" || data.isNull) return false;
  return data.field(name) !== undefined;
}

function contentOf({ data, dataHash }: BlockRevision): string {
  if (data !== undefined) return dataContent(hashIon(data));
  return dataHash === undefined ? DELETED : redactedContent(dataHash);
}
