// SPDX-License-Identifier: MIT
import type { ExportedBlock } from "@ledger-loader/export";
import { hashIon } from "@ledger-loader/journal";
import { readBlockRevisions, type BlockRevision } from "./block-revisions";
import { dataContent, DELETED, redactedContent, type ExportedFingerprint } from "./compare-record";

/** A revision of the export, reduced to what comparing needs. */
export interface ExportedRecord extends ExportedFingerprint {
  readonly table: string;
  /** The document's id in the export. */
  readonly id: string;
}

/** Stands for the table where a block names none; no ledger has a table of this name. */
export const UNKNOWN_TABLE = "(table unknown)";

/** Reduces a block's revisions; their content is hashed anew, whatever hash the export gives. */
export function fingerprintExport(block: ExportedBlock): {
  readonly records: readonly ExportedRecord[];
  readonly systemRevisions: number;
} {
  const { revisions, systemRevisions } = readBlockRevisions(block);
  const { sequenceNo } = block.blockAddress;
  const records = revisions.map((revision) => ({
    table: revision.table ?? UNKNOWN_TABLE,
    id: revision.id,
    version: revision.version,
    sequenceNo,
    content: contentOf(revision),
  }));
  return { records, systemRevisions };
}

function contentOf({ data, dataHash }: BlockRevision): string {
  if (data !== undefined) return dataContent(hashIon(data));
  return dataHash === undefined ? DELETED : redactedContent(dataHash);
}
