// SPDX-License-Identifier: MIT
import { type FieldName, type TableName, isIdentifier } from "@ledger-loader/core";
import type { RecordComparison } from "./compare-record";
import type { Difference, DifferenceKind, ReconcileReport, TableComparison } from "./reconcile-report";

/** Differences that a report names; all are counted. */
const LISTED_MAX = 10_000;

/** As what a difference counts in its table. */
const COLUMNS: Readonly<Record<DifferenceKind, "missing" | "extra" | "different">> = {
  "missing-document": "missing",
  "missing-revision": "missing",
  "extra-document": "extra",
  "unidentified-document": "extra",
  "extra-revision": "extra",
  "altered-revision": "different",
  "moved-revision": "different",
};

interface MutableCounts {
  documents: { exported: number; ledger: number };
  revisions: {
    exported: number;
    ledger: number;
    equal: number;
    missing: number;
    extra: number;
    different: number;
  };
  differences: number;
}

/** Collects what comparing finds. */
export class Differences {
  readonly #idFieldOf: (table: TableName) => FieldName;
  readonly #tables = new Map<string, MutableCounts>();
  readonly #kinds = new Map<DifferenceKind, number>();
  readonly #listed: Difference[] = [];
  #total = 0;

  constructor(idFieldOf: (table: TableName) => FieldName) {
    this.#idFieldOf = idFieldOf;
  }

  /** Adds one record with its comparison. */
  add(
    table: string,
    revisions: { readonly exported: number; readonly ledger: number },
    comparison: RecordComparison,
  ): void {
    const counts = this.#countsOf(table);
    if (revisions.exported > 0) counts.documents.exported += 1;
    if (revisions.ledger > 0) counts.documents.ledger += 1;
    counts.revisions.exported += revisions.exported;
    counts.revisions.ledger += revisions.ledger;
    counts.revisions.equal += comparison.equal;
    for (const difference of comparison.differences) this.#addDifference(counts, difference);
  }

  /** Adds a record of which the export has only the deletion, and the ledger nothing: as it should be. */
  addDeletionOnly(table: string, revisions: number): void {
    const counts = this.#countsOf(table);
    counts.documents.exported += 1;
    counts.revisions.exported += revisions;
    counts.revisions.equal += revisions;
  }

  /** Adds a document of the ledger that no revision of it assigns to a document of the export. */
  addUnidentified(table: string, documentId: string, revisions: number): void {
    const counts = this.#countsOf(table);
    counts.documents.ledger += 1;
    counts.revisions.ledger += revisions;
    this.#addDifference(counts, {
      kind: "unidentified-document",
      table,
      ledger: { documentId },
      revisions,
      detail: "no revision of it names a document of the export in the id field: the loader did not write it",
    });
  }

  /** The results so far. */
  report(): Omit<ReconcileReport, "leftOut" | "elapsedMs"> {
    const tables = [...this.#tables].map(([table, counts]) => this.#toTable(table, counts));
    const sum = (pick: (table: TableComparison) => number): number =>
      tables.reduce((total, table) => total + pick(table), 0);
    return {
      equal: this.#total === 0,
      documents: { exported: sum((t) => t.documents.exported), ledger: sum((t) => t.documents.ledger) },
      revisions: {
        exported: sum((t) => t.revisions.exported),
        ledger: sum((t) => t.revisions.ledger),
        equal: sum((t) => t.revisions.equal),
      },
      tables: tables.sort((a, b) => (a.table < b.table ? -1 : 1)),
      differencesTotal: this.#total,
      differencesByKind: Object.fromEntries(this.#kinds),
      differences: this.#listed,
    };
  }

  #addDifference(counts: MutableCounts, difference: Difference): void {
    counts.differences += 1;
    counts.revisions[COLUMNS[difference.kind]] += difference.revisions ?? 1;
    this.#total += 1;
    this.#kinds.set(difference.kind, (this.#kinds.get(difference.kind) ?? 0) + 1);
    if (this.#listed.length < LISTED_MAX) this.#listed.push(difference);
  }

  #toTable(table: string, counts: MutableCounts): TableComparison {
    return { table, idField: isIdentifier(table) ? this.#idFieldOf(table) : "", ...counts };
  }

  #countsOf(table: string): MutableCounts {
    const known = this.#tables.get(table);
    if (known !== undefined) return known;
    const counts: MutableCounts = {
      documents: { exported: 0, ledger: 0 },
      revisions: { exported: 0, ledger: 0, equal: 0, missing: 0, extra: 0, different: 0 },
      differences: 0,
    };
    this.#tables.set(table, counts);
    return counts;
  }
}
