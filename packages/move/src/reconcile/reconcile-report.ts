// SPDX-License-Identifier: MIT

/** The difference of a record, or of one revision of it. */
export type DifferenceKind =
  | "missing-document"
  | "extra-document"
  | "unidentified-document"
  | "missing-revision"
  | "extra-revision"
  | "altered-revision"
  | "moved-revision";

/** The meaning of each kind of difference, for people. */
export const DIFFERENCE_KINDS: Readonly<Record<DifferenceKind, string>> = {
  "missing-document": "in the export, not in the ledger",
  "extra-document": "in the ledger, not in the export",
  "unidentified-document": "in the ledger, without the id of a document of the export",
  "missing-revision": "in the export, not in the ledger",
  "extra-revision": "in the ledger, not in the export",
  "altered-revision": "in both, with different content",
  "moved-revision": "in both, at different places of the history",
};

/** One difference between export and ledger, with all that is needed to look at it. Never holds content. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly table: string;
  /** The document's id in the export; `undefined` for documents of the ledger that carry none. */
  readonly id?: string;
  /** The revision in the export. */
  readonly exported?: { readonly version: number; readonly sequenceNo: number };
  /** The revision in the ledger, or the document there. */
  readonly ledger?: { readonly documentId: string; readonly version?: number; readonly sequenceNo?: number };
  /** For whole documents: how many revisions they have. */
  readonly revisions?: number;
  /** One sentence. */
  readonly detail: string;
}

/** The comparison of one table. */
export interface TableComparison {
  readonly table: string;
  /** The field of the ledger's documents that holds the export's document id. */
  readonly idField: string;
  readonly documents: { readonly exported: number; readonly ledger: number };
  readonly revisions: TableRevisions;
  readonly differences: number;
}

/** The revisions of a table on both sides, and what became of them. */
export interface TableRevisions {
  readonly exported: number;
  readonly ledger: number;
  readonly equal: number;
  /** In the export only; those of documents that the ledger lacks included. */
  readonly missing: number;
  /** In the ledger only; those of documents that the export lacks included. */
  readonly extra: number;
  /** In both, with other content or at another place of the history. */
  readonly different: number;
}

/** The comparison of export and ledger, with their differences. */
export interface ReconcileReport {
  /** True if there is no difference. */
  readonly equal: boolean;
  readonly documents: { readonly exported: number; readonly ledger: number };
  readonly revisions: { readonly exported: number; readonly ledger: number; readonly equal: number };
  /** In the order of their names. */
  readonly tables: readonly TableComparison[];
  readonly differencesTotal: number;
  readonly differencesByKind: Readonly<Partial<Record<DifferenceKind, number>>>;
  /** The first of them, by table and id. */
  readonly differences: readonly Difference[];
  /** The parts that were not compared, and why that is right. */
  readonly leftOut: {
    /** The loader's own tables, in ledger or export. */
    readonly bookkeepingTables: readonly string[];
    /** Tables that `tables` did not name. */
    readonly otherTables: readonly string[];
    /** Elements of the export's blocks that are only a hash: QLDB's own, of no document. */
    readonly systemRevisions: number;
  };
  readonly elapsedMs: number;
}
