// SPDX-License-Identifier: MIT
import type { FieldName, TableName } from "@ledger-loader/core";
import type { dom } from "ion-js";

/** The part of a ledger that reconciling reads. */
export interface LedgerHistory {
  /** The names of the tables that are not dropped. */
  tables(): Promise<readonly string[]>;
  /**
   * Visits every document that was ever in the table, deleted ones included, with what its first revision has in the
   * field. MUST NOT hold them all, and MUST visit each once.
   */
  visitDocuments(
    table: TableName,
    idField: FieldName,
    visit: (document: LedgerDocument) => Promise<void>,
  ): Promise<void>;
  /** All revisions of these documents, in any order. */
  revisions(table: TableName, documentIds: readonly string[]): Promise<readonly LedgerRevision[]>;
}

/** A document of the ledger. */
export interface LedgerDocument {
  readonly documentId: string;
  /** The text in the id field of its first revision, if there is one. */
  readonly id: string | undefined;
}

/** A revision of the ledger. Neither `data` nor `dataHash`: a deletion. */
export interface LedgerRevision {
  readonly documentId: string;
  readonly version: number;
  readonly sequenceNo: number;
  readonly data?: dom.Struct | undefined;
  /** Redacted in the ledger itself. */
  readonly dataHash?: Uint8Array | undefined;
}
