// SPDX-License-Identifier: MIT
import type { ExportedBlock } from "@ledger-loader/export";
import type { Hash, IonSlice } from "@ledger-loader/ion";

/** A revision of a block that belongs to a document. */
export interface BlockRevision {
  /** `undefined` where the block does not say to which table the document belongs. */
  readonly table: string | undefined;
  /** The document's id. */
  readonly id: string;
  readonly version: number;
  /** The document. Neither `data` nor `dataHash`: it was deleted. */
  readonly data?: IonSlice | undefined;
  /** Its hash, after redaction. */
  readonly dataHash?: Hash | undefined;
}

/** A block's revisions in the order of the journal. */
export interface BlockRevisions {
  readonly revisions: readonly BlockRevision[];
  /** Elements that are only a hash: QLDB's own, of no document. They cannot be replayed. */
  readonly systemRevisions: number;
}

/** Reads from a block what can be replayed: each revision with the table that the transaction names for it. */
export function readBlockRevisions(block: Pick<ExportedBlock, "revisions">): BlockRevisions {
  const revisions = block.revisions.flatMap(({ metadata, data, dataHash, document }): BlockRevision[] => {
    if (metadata === undefined) return [];
    return [
      {
        table: document?.tableName,
        id: metadata.id,
        version: metadata.version,
        data,
        dataHash,
      },
    ];
  });
  return { revisions, systemRevisions: block.revisions.length - revisions.length };
}
