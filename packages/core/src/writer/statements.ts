// SPDX-License-Identifier: MIT
import { dom } from "ion-js";
import { LedgerAnswerError } from "../errors";
import { quoteIdentifier, type FieldName, type TableName } from "../event/identifier";
import type { Transaction } from "../ledger/ledger";

/** One row of the committed view: a document's current revision. */
export interface CurrentRow {
  readonly documentId: string;
  readonly version: number;
  /** The value of the field that the row was found by. */
  readonly key: dom.Value;
  /** The document, if it was asked for. */
  readonly data?: dom.Struct | undefined;
}

/** One row of a table's history. */
export interface HistoryRow {
  readonly documentId: string;
  readonly version: number;
  readonly data?: dom.Struct | undefined;
  readonly dataHash?: Uint8Array | undefined;
}

/** Finds the current revisions of all documents whose indexed field has one of the values: one statement. */
export async function findCurrent(
  transaction: Transaction,
  table: TableName,
  field: FieldName,
  values: readonly dom.Value[],
  withData: boolean,
): Promise<readonly CurrentRow[]> {
  const name = quoteIdentifier(field);
  const content = withData ? "d.data AS data" : `d.data.${name} AS recordId`;
  const rows = await transaction.execute(
    `SELECT d.metadata.id AS documentId, d.metadata.version AS revision, ${content} ` +
      `FROM ${committedView(table)} AS d WHERE d.data.${name} IN ?`,
    new dom.List([...values]),
  );
  return rows.map((row) => readCurrentRow(row, field, withData));
}

/** Finds revisions in a table's history: those of any of the documents with any of the versions. */
export async function findHistory(
  transaction: Transaction,
  table: TableName,
  documentIds: readonly string[],
  versions: readonly number[],
): Promise<readonly HistoryRow[]> {
  const rows = await transaction.execute(
    `SELECT h.metadata.id AS documentId, h.metadata.version AS revision, h.data AS data, h.dataHash AS dataHash ` +
      `FROM history(${quoteIdentifier(table)}) AS h WHERE h.metadata.id IN ? AND h.metadata.version IN ?`,
    toList(documentIds),
    toList(versions),
  );
  return rows.map(readHistoryRow);
}

/** Inserts documents with one statement. */
export async function insertDocuments(
  transaction: Transaction,
  table: TableName,
  documents: readonly dom.Struct[],
): Promise<void> {
  const [first] = documents;
  if (first === undefined) return;
  // A single document goes without a list around it, so that one of the greatest size still fits a parameter.
  const parameter = documents.length === 1 ? first : new dom.List([...documents]);
  const rows = await transaction.execute(`INSERT INTO ${quoteIdentifier(table)} ?`, parameter);
  checkAffected("INSERT", documents.length, rows.length);
}

/** Replaces one document. */
export async function replaceDocument(
  transaction: Transaction,
  table: TableName,
  documentId: string,
  document: dom.Struct,
): Promise<void> {
  const rows = await transaction.execute(
    `UPDATE ${quoteIdentifier(table)} AS d BY id SET d = ? WHERE id = ?`,
    document,
    dom.Value.from(documentId),
  );
  checkAffected("UPDATE", 1, rows.length);
}

/** A document that takes the place of another one. */
export interface Replacement {
  readonly documentId: string;
  readonly document: dom.Struct;
}

/** Replaces several documents with one statement, which the ledger must have announced. */
export async function replaceDocuments(
  transaction: Transaction,
  table: TableName,
  replacements: readonly Replacement[],
): Promise<void> {
  const rows = await transaction.execute(bulkReplacement(table), toBulkParameter(replacements));
  checkAffected("FROM … SET", replacements.length, rows.length);
}

/** True if the ledger says that it replaces several documents with one statement, and finds them by their ids. */
export async function explainReplacements(transaction: Transaction, table: TableName): Promise<boolean> {
  const rows = await transaction.execute(`EXPLAIN ${bulkReplacement(table)}`, new dom.List([]));
  return rows.length === 2 && rows[1]?.get("access")?.stringValue() === "documentId";
}

/** QLDB had no such statement. */
function bulkReplacement(table: TableName): string {
  return `FROM ? AS p, ${quoteIdentifier(table)} AS d BY id WHERE id = p.id SET d = p.data`;
}

function toBulkParameter(replacements: readonly Replacement[]): dom.Value {
  return new dom.List(
    replacements.map(
      ({ documentId, document }): dom.Value =>
        new dom.Struct([
          ["id", [new dom.String(documentId)]],
          ["data", [document]],
        ]),
    ),
  );
}

/** Deletes documents with one statement. */
export async function deleteDocuments(
  transaction: Transaction,
  table: TableName,
  documentIds: readonly string[],
): Promise<void> {
  if (documentIds.length === 0) return;
  const rows = await transaction.execute(
    `DELETE FROM ${quoteIdentifier(table)} BY id WHERE id IN ?`,
    toList(documentIds),
  );
  checkAffected("DELETE", documentIds.length, rows.length);
}

/** QLDB's view of a table's current revisions with their metadata. */
function committedView(table: TableName): string {
  const [quote, ...rest] = quoteIdentifier(table);
  return [quote, "_ql_committed_", ...rest].join("");
}

function readCurrentRow(row: dom.Value, field: FieldName, withData: boolean): CurrentRow {
  const identity = readIdentity(row);
  if (!withData) return { ...identity, key: row.get("recordId") ?? new dom.Null() };
  const data = readDocument(row);
  return { ...identity, key: data?.get(field) ?? new dom.Null(), data };
}

function readHistoryRow(row: dom.Value): HistoryRow {
  const data = readDocument(row);
  const hash = row.get("dataHash");
  const dataHash = hash === null || hash.isNull() ? undefined : (hash.uInt8ArrayValue() ?? undefined);
  return {
    ...readIdentity(row),
    data,
    dataHash,
  };
}

function readIdentity(row: dom.Value): { documentId: string; version: number } {
  const documentId = row.get("documentId")?.stringValue();
  const version = row.get("revision")?.numberValue();
  if (typeof documentId !== "string" || typeof version !== "number") {
    throw new LedgerAnswerError("a document id and a version in every row", "a row without them");
  }
  return { documentId, version };
}

function readDocument(row: dom.Value): dom.Struct | undefined {
  const data = row.get("data");
  return data instanceof dom.Struct ? data : undefined;
}

function toList(values: readonly (string | number)[]): dom.List {
  return new dom.List(values.map((value): dom.Value => dom.Value.from(value)));
}

function checkAffected(statement: string, expected: number, found: number): void {
  if (found !== expected) {
    throw new LedgerAnswerError(`${statement} to affect ${expected} documents`, `${found}`);
  }
}
