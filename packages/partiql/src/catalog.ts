// SPDX-License-Identifier: MIT
import type { IonNode } from "@ledger-loader/ion";
import type { dom, Timestamp } from "ion-js";
import type { PathKey, Undecoded } from "./value/node";

/**
 * The part of a ledger that the evaluator needs: one transaction's view of its tables.
 *
 * An implementation MUST show the transaction its own uncommitted changes, and MUST record every read for
 * validation at commit, reads that find nothing included: the evaluator only asks for what it needs.
 */
export interface Catalog {
  /** The id that `TXID()` returns. */
  readonly transactionId: string;
  /** The time that `UTCNOW()` returns: UTC, millisecond precision, one value for the whole statement. */
  now(): Timestamp;
  /** Finds the active table of exactly this name. */
  findTable(name: string): Promise<CatalogTable | undefined>;
  /** Finds a table, active or dropped, by its id: what `history('tableId')` may name. */
  findTableById(tableId: string): Promise<CatalogTable | undefined>;
  /** The rows of `information_schema.user_tables`: `{tableId, name, indexes, status}`, dropped tables included. */
  userTables(): Promise<readonly dom.Value[]>;
  /** Creates a table with tags and returns its id; a name that is taken by an active table is an error. */
  createTable(name: string, tags: Readonly<Record<string, string>>): Promise<string>;
  /**
   * Creates an index on one top-level field and returns the table's id. With `unique`, no two documents may have equal values in the
   * field, NULL and MISSING apart: documents that have are an error, here and after every later statement.
   */
  createIndex(table: CatalogTable, field: string, options: { readonly unique: boolean }): Promise<string>;
  /** Makes the table inactive and returns its id; its history stays readable by id. */
  dropTable(table: CatalogTable): Promise<string>;
  /** Makes a dropped table active again and returns its id; an active table, or one of its name, is an error. */
  undropTable(table: CatalogTable): Promise<string>;
  /** Drops an index of the table and returns the table's id; an unknown index is an error. */
  dropIndex(table: CatalogTable, indexId: string): Promise<string>;
  /**
   * Asks for the data of a revision to be erased, and returns the revision's version. The revision is one of the
   * history that a later revision has superseded; any other one is an error.
   */
  redactRevision(target: RedactionTarget): Promise<number>;
}

/** The revision that REDACT_REVISION names. */
export interface RedactionTarget {
  readonly blockAddress: { readonly strandId: string; readonly sequenceNo: number };
  readonly tableId: string;
  readonly documentId: string;
}

/** One table as a transaction sees it. Order of results is unspecified. */
export interface CatalogTable {
  readonly tableId: string;
  readonly name: string;
  /** The top-level fields that have an index. */
  readonly indexedFields: ReadonlySet<string>;
  /**
   * Every current (not deleted) document, without the first `skip` ones, which need not be read. Reading it conflicts with any
   * concurrent change to the table.
   */
  scan(skip?: number): AsyncIterable<CatalogRevision>;
  /** The current documents with these (distinct) ids; ids without one yield nothing. */
  findByIds(ids: readonly string[]): AsyncIterable<CatalogRevision>;
  /**
   * The current documents whose indexed top-level `field` equals one of `values`: those where
   * `indexKey(fieldOf(document, field))` is the `indexKey` of a value. `values` are distinct and never null. MAY
   * yield more: the evaluator checks every document again. MUST NOT yield a document twice.
   */
  findByIndex(field: string, values: readonly dom.Value[]): AsyncIterable<CatalogRevision>;
  /** All revisions, deletions and redactions included, that the options select. */
  history(options: HistoryOptions): AsyncIterable<CatalogRevision>;
  /**
   * Adds documents, all of them structs, and returns their new ids, in order. One that came in bytes, as a parameter or in one,
   * is these bytes. A parameter is the very object that was passed to `execute`.
   */
  insert(documents: readonly Undecoded[]): Promise<readonly string[]>;
  /**
   * Replaces a current document's data, a struct, which comes as for `insert`. Of a document of which a part was changed, the
   * other parts come as {@link CatalogRevision.content} gave them.
   */
  replace(documentId: string, data: IonNode, options: ReplaceOptions): Promise<void>;
  /** Deletes a current document. */
  delete(documentId: string): Promise<void>;
}

/** The journal's record of one change of a document. */
export interface ReplaceOptions {
  /**
   * How many assignments the statement made to this document, 1 or more: QLDB's `transactionInfo` lists the
   * statement's index that often.
   */
  readonly modifications: number;
}

/** Which revisions `history()` asks for; an absent member does not restrict. */
export interface HistoryOptions {
  /** Only these documents: the one thing that QLDB's history is indexed by. */
  readonly documentIds?: readonly string[] | undefined;
  /** Only these versions. */
  readonly versions?: readonly number[] | undefined;
  /** Only revisions active at or after this time. */
  readonly start?: Timestamp | undefined;
  /** Only revisions active at or before this time. */
  readonly end?: Timestamp | undefined;
}

/**
 * One revision of one document, in the shape of QLDB's committed view.
 *
 * Parts are functions so that a query which does not look at them does not pay for decoding them.
 */
export interface CatalogRevision {
  readonly documentId: string;
  readonly version: number;
  /** The document, or `undefined` for a deletion or a redaction. */
  data(): dom.Value | undefined;
  /** The document as it is at hand: nothing is decoded for this. `undefined` as {@link data}. */
  content(): Undecoded | undefined;
  /** The value at a path of the document, the last one of several fields of a name: decodes no more than is needed. */
  at(path: readonly PathKey[]): dom.Value | undefined;
  /** The hash of the redacted document, or `undefined`. */
  dataHash(): dom.Value | undefined;
  /** `{id, version, txTime, txId}`; the two last are absent while uncommitted. */
  metadata(): dom.Value;
  /** `{strandId, sequenceNo}`, or `undefined` while uncommitted. */
  blockAddress(): dom.Value | undefined;
  /** The revision hash, or `undefined` while uncommitted. */
  hash(): dom.Value | undefined;
}
