// SPDX-License-Identifier: MIT
import { readSingleValue } from "@ledger-loader/ion";
import { decodeRevision, type Revision } from "@ledger-loader/journal";
import { plainText } from "../ion/plain-text";
import { quoteName } from "./read-statement";
import { runStatement } from "./run-statement";

/** A table, also one that was dropped. */
export interface TableLine {
  readonly name: string;
  readonly tableId: string;
  readonly status: string;
  /** The expressions of its indexes: `[VIN]`. */
  readonly indexes: readonly string[];
}

/** More tables than a ledger can have. */
const TABLES_MAX = 1000;
/** More revisions of one document are not shown. */
const REVISIONS_MAX = 5000;

/** @throws ServerError */
export async function listTables(ledger: string): Promise<readonly TableLine[]> {
  const statement = "SELECT * FROM information_schema.user_tables";
  const { rows } = await runStatement(ledger, { statement, rowsMax: TABLES_MAX });
  return rows.map(toTable).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The current revisions of one page of a table. @throws ServerError */
export async function readDocuments(
  ledger: string,
  table: string,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<readonly Revision[]> {
  const ids = await readIds(ledger, table, { offset, limit });
  if (ids.length === 0) return [];
  const places = ids.map(() => "?").join(", ");
  const statement = `SELECT * FROM ${committed(table)} AS d WHERE d.metadata.id IN (${places})`;
  const parameters = ids.map((id) => JSON.stringify(id));
  const { rows } = await runStatement(ledger, { statement, parameters, rowsMax: limit });
  const revisions = rows.map((row) => decodeRevision(row));
  return revisions.sort((a, b) => ids.indexOf(a.metadata?.id ?? "") - ids.indexOf(b.metadata?.id ?? ""));
}

/** The server skips the documents before the page: without a condition and an order, it need not read them. */
async function readIds(
  ledger: string,
  table: string,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<readonly string[]> {
  const statement = `SELECT VALUE id FROM ${quoteName(table)} AS d BY id LIMIT ${limit} OFFSET ${offset}`;
  const { rows } = await runStatement(ledger, { statement, rowsMax: limit });
  return rows.map((row) => readSingleValue(row).stringValue());
}

/** The view of a table with metadata. */
function committed(table: string): string {
  return quoteName(`_ql_committed_${table}`);
}

/** How many documents a table has. @throws ServerError */
export async function countDocuments(ledger: string, table: string): Promise<number> {
  const statement = `SELECT COUNT(*) AS n FROM ${committed(table)}`;
  const { rows } = await runStatement(ledger, { statement, rowsMax: 1 });
  const [row] = rows;
  return row === undefined ? 0 : (readSingleValue(row).field("n")?.intValue() ?? 0);
}

/** All revisions of a document, the newest first. Also of a document that was deleted. @throws ServerError */
export async function readHistory(
  ledger: string,
  table: string,
  documentId: string,
): Promise<readonly Revision[]> {
  const statement = `SELECT * FROM history(${quoteName(table)}) AS h WHERE h.metadata.id = ?`;
  const parameters = [JSON.stringify(documentId)];
  const { rows } = await runStatement(ledger, { statement, parameters, rowsMax: REVISIONS_MAX });
  const revisions = rows.map((row) => decodeRevision(row));
  return revisions.sort((a, b) => (b.metadata?.version ?? 0) - (a.metadata?.version ?? 0));
}

function toTable(row: Uint8Array): TableLine {
  const value = readSingleValue(row);
  const text = (name: string): string => value.field(name)?.stringValue() ?? "";
  const indexes = value.field("indexes")?.elements() ?? [];
  return {
    name: text("name"),
    tableId: text("tableId"),
    status: text("status"),
    indexes: indexes.map((index) => {
      const expression = index.field("expr");
      return expression === undefined ? plainText(index) : plainText(expression);
    }),
  };
}
